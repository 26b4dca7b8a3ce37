using System.Collections.Immutable;
using System.ComponentModel;
using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Web.Api;

/// <summary>One KPI of the scorecard, as the API gives it.</summary>
public sealed record KpiDocument
{
    [Description("Lower-case words joined by hyphens; never changes.")]
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Group { get; init; }

    [Description("ms, %, MB (2^20 bytes), RPS, users, of 5, or one of the configuration's own.")]
    public required string Unit { get; init; }

    [Description("On which the status rests, in the unit; null where there is no data or the source is down. Never 0 for missing data.")]
    public required double? Value { get; init; }

    [Description("met, at_risk, missed, no_data, stale or source_down. Only met and at_risk are proof that the target is met.")]
    public required string Status { get; init; }

    [Description("Why there is no verdict; null where there is one.")]
    public required string? Reason { get; init; }

    public required TargetDocument Target { get; init; }

    [Description("When the newest datum behind the value was taken; null before the first reading and where there is no value.")]
    public required DateTimeOffset? MeasuredAt { get; init; }

    [Description("prometheus, jaeger, elasticsearch or postgres.")]
    public required string Source { get; init; }

    [Description("The query exactly as it was sent; before the first reading, as it is defined.")]
    public required string Query { get; init; }

    [Description("The span each reading looks back over.")]
    public required string Window { get; init; }

    [Description("Share of the time with data in which the target was met, 0 to 1, over 24h, 7d and 30d; null without any data.")]
    public required IReadOnlyDictionary<string, double?> Attainment { get; init; }

    [Description("Share of the period for which there was data, 0 to 1.")]
    public required IReadOnlyDictionary<string, double> AttainmentCoverage { get; init; }

    [Description("When the KPI came into this status.")]
    public required DateTimeOffset Since { get; init; }

    [Description("exact, estimated (inside a histogram bucket), clamped (in the top bucket: at least this) or partial; null before the first reading.")]
    public required string? Confidence { get; init; }

    public required string? ConfidenceDetail { get; init; }

    [Description("True where the true value is at least this.")]
    public required bool AtLeast { get; init; }

    [Description("What the true value cannot exceed, in the unit, where that is known beside a value that is only at least.")]
    public required double? UpperBound { get; init; }

    [Description("Why the time of measurement cannot be trusted; null where it can.")]
    public required string? FreshnessProblem { get; init; }

    [Description("Observations behind the value; null where that has no meaning.")]
    public required long? SampleCount { get; init; }

    [Description("Share of the window for which there was data, 0 to 1; null where not known.")]
    public required double? Coverage { get; init; }

    [Description("Exact share of requests under the target, 0 to 1, where a bucket bound lies at the target.")]
    public required double? ShareUnderTarget { get; init; }

    [Description("The newest value that was read, however old.")]
    public required double? LastValue { get; init; }

    public required DateTimeOffset? LastMeasuredAt { get; init; }

    [Description("The trace that shows the value, where one does.")]
    public required string? TraceId { get; init; }

    [Description("What the source had to remark on the last answer.")]
    public required ImmutableArray<string> Warnings { get; init; }

    [Description("Why the target may not be judged rightly.")]
    public required ImmutableArray<string> Advice { get; init; }

    public required ChangesDocument Changes { get; init; }

    [Description("How long the source took to answer, in milliseconds.")]
    public required double? LatencyMs { get; init; }

    public required string Description { get; init; }

    [Description("Who answers for it.")]
    public required string Owner { get; init; }

    public static KpiDocument Of(KpiState state)
    {
        var (kpi, reading) = (state.Definition, state.Reading);
        return new KpiDocument
        {
            Id = kpi.Id,
            Name = kpi.Name,
            Group = kpi.Group,
            Unit = kpi.Unit,
            Value = state.Value,
            Status = state.Status.ToWire(),
            Reason = state.Reason,
            Target = new TargetDocument(kpi.Target.Sign, kpi.Target.Value, kpi.Target.Margin),
            MeasuredAt = state.Value is null ? null : reading?.MeasuredAt,
            Source = kpi.Query.Source.ToWire(),
            Query = reading?.Query ?? kpi.Query.Text,
            Window = KpiDuration.Format(kpi.Window),
            Attainment = new OrderedDictionary<string, double?>(state.Attainments.Select(a => KeyValuePair.Create(a.Period, a.Share))),
            AttainmentCoverage = new OrderedDictionary<string, double>(state.Attainments.Select(a => KeyValuePair.Create(a.Period, a.Coverage))),
            Since = state.Since,
            Confidence = reading is null ? null : Wire(reading.Confidence),
            ConfidenceDetail = reading?.ConfidenceDetail,
            AtLeast = reading?.AtLeast ?? false,
            UpperBound = reading?.UpperBound,
            FreshnessProblem = reading?.FreshnessProblem,
            SampleCount = reading?.SampleCount,
            Coverage = reading?.Coverage,
            ShareUnderTarget = reading?.ShareUnderTarget,
            LastValue = reading?.Value,
            LastMeasuredAt = reading?.MeasuredAt,
            TraceId = reading?.TraceId,
            Warnings = reading?.Warnings ?? [],
            Advice = state.Advice,
            Changes = new ChangesDocument(ChangeDocument.Of(state.AgainstPrevious), ChangeDocument.Of(state.AgainstLastWeek)),
            LatencyMs = reading?.Latency.TotalMilliseconds,
            Description = kpi.Description,
            Owner = kpi.Owner,
        };
    }

    private static string Wire(Confidence confidence) => confidence switch
    {
        Core.Kpis.Confidence.Exact => "exact",
        Core.Kpis.Confidence.Estimated => "estimated",
        Core.Kpis.Confidence.Clamped => "clamped",
        Core.Kpis.Confidence.Partial => "partial",
        _ => throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Not a confidence."),
    };
}

/// <param name="Comparison">"&lt;" or "&gt;"; a value equal to the target misses it.</param>
/// <param name="Value">In the KPI's unit.</param>
/// <param name="Margin">Width of the warning zone on the good side of the value, in the KPI's unit.</param>
public sealed record TargetDocument(
    [property: Description("< or >; a value equal to the target misses it.")] string Comparison,
    double Value,
    [property: Description("Width of the warning zone on the good side, in the KPI's unit.")] double Margin);

/// <param name="Previous">Against the previous equal period; null where there is nothing to compare.</param>
/// <param name="LastWeek">Against the same weekday and hour of the week before; null where there is nothing to compare.</param>
public sealed record ChangesDocument(ChangeDocument? Previous, ChangeDocument? LastWeek);

/// <param name="Before">The value of the earlier period.</param>
/// <param name="Ratio">(now − before) / |before|; null where before is 0.</param>
/// <param name="Better">Whether it went the good way.</param>
/// <param name="Noise">True where it is no more than ordinary variation.</param>
public sealed record ChangeDocument(double Before, double? Ratio, bool Better, bool Noise)
{
    public static ChangeDocument? Of(KpiChange? change) =>
        change is null ? null : new ChangeDocument(change.Before, change.Ratio, change.Better, change.IsNoise);
}
