using System.Globalization;
using Dashboard.Core.Kpis;
using Dashboard.Web.Formatting;

namespace Dashboard.Web.Scorecards;

/// <summary>
/// What a card shows, as text: made once per snapshot, rendered into the page and sent to open pages wherever it changed. Nothing in it depends
/// on the time at which it is looked at; ages tick in the browser.
/// </summary>
public sealed record CardView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ShortName { get; init; }

    public required string Group { get; init; }

    public required string Unit { get; init; }

    /// <summary>"&lt; 150 ms".</summary>
    public required string Target { get; init; }

    /// <summary>True where the good side of the target is below it.</summary>
    public required bool LowerIsBetter { get; init; }

    /// <summary>"prometheus".</summary>
    public required string Source { get; init; }

    /// <summary>"5 min".</summary>
    public required string Window { get; init; }

    public required KpiStatus Status { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>The value, or a dash.</summary>
    public required string Value { get; init; }

    /// <summary>"≈" where estimated, "≥" where only a lower bound, "◔" where something is missing, "" where exact.</summary>
    public string Mark { get; init; } = "";

    /// <summary>The mark in words.</summary>
    public string MarkWords { get; init; } = "";

    /// <summary>The change against the previous equal period.</summary>
    public ChangeText Change { get; init; }

    /// <summary>The change against the same weekday and hour of last week.</summary>
    public ChangeText Week { get; init; }

    /// <summary>Why there is no verdict; "" where there is one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>"99.2% of 24 h".</summary>
    public string Attainment { get; init; } = "";

    /// <summary>The attainment and its coverage in words.</summary>
    public string AttainmentWords { get; init; } = "";

    /// <summary>The small line, see <see cref="SparkLine"/>.</summary>
    public string Line { get; init; } = "";

    /// <summary>When the newest datum behind the value was taken; null before the first reading.</summary>
    public DateTimeOffset? MeasuredAt { get; init; }

    public static CardView Of(KpiState state)
    {
        var kpi = state.Definition;
        var value = state.Value;
        var (mark, markWords) = value is null ? ("", "") : MarkOf(state.Reading);
        var (attainment, attainmentWords) = AttainmentOf(state);
        return new CardView
        {
            Id = kpi.Id,
            Name = kpi.Name,
            ShortName = kpi.ShortName,
            Group = kpi.Group,
            Unit = kpi.Unit,
            Target = ValueText.Target(kpi.Target.Sign, kpi.Target.Value, kpi.Unit),
            LowerIsBetter = kpi.Target.Comparison is Comparison.LessThan,
            Source = kpi.Query.Source.ToWire(),
            Window = SpanText.Exact(kpi.Window),
            Status = state.Status,
            Since = state.Since,
            Value = value is { } number ? ValueText.Of(number, kpi.Unit, kpi.Target.Value) : ValueText.None,
            Mark = mark,
            MarkWords = markWords,
            Change = state.Status.IsKnown() ? ChangeText.Of(state.AgainstPrevious, kpi.Unit, Before(kpi)) : new("", "", ""),
            Week = state.Status.IsKnown() ? ChangeText.Of(state.AgainstLastWeek, kpi.Unit, "the same weekday and hour of last week") : new("", "", ""),
            Reason = state.Status.IsKnown() ? "" : state.Reason ?? state.Reading?.NoValueReason ?? "The reason is not known.",
            Attainment = attainment,
            AttainmentWords = attainmentWords,
            Line = SparkLine.Encode(state.Recent, kpi.Target, KpiState.RecentSpan),
            MeasuredAt = state.Reading?.MeasuredAt,
        };
    }

    /// <summary>The word for a status on cards and filters.</summary>
    public static string Word(KpiStatus status) => status switch
    {
        KpiStatus.Met => "Met",
        KpiStatus.AtRisk => "At risk",
        KpiStatus.NoData => "No data",
        KpiStatus.Stale => "Stale",
        KpiStatus.SourceDown => "Source down",
        KpiStatus.Missed => "Missed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a KPI status."),
    };

    private static string Before(KpiDefinition kpi) =>
        kpi.ComparedPeriod == TimeSpan.FromHours(1) ? "the hour before" : $"the value {SpanText.Exact(kpi.ComparedPeriod)} ago";

    private static (string Mark, string Words) MarkOf(KpiReading? reading) => reading switch
    {
        null => ("", ""),
        { AtLeast: true } or { Confidence: Confidence.Clamped } => ("≥", Words(reading, "At least")),
        { Confidence: Confidence.Partial } => ("◔", Words(reading, "Partial: the source left something out")),
        { Confidence: Confidence.Estimated } => ("≈", Words(reading, "Estimated")),
        _ => ("", ""),
    };

    private static string Words(KpiReading reading, string kind) =>
        reading.ConfidenceDetail is { Length: > 0 } detail ? $"{kind}: {detail}" : kind;

    private static (string Text, string Words) AttainmentOf(KpiState state)
    {
        if (state.Attainments.IsDefaultOrEmpty)
            return ($"{ValueText.None} of 24 h", "Not enough history yet to say how much of the time the target was met.");

        var day = state.Attainments[0];
        var period = SpanText.Period(day.Period);
        return day.Share is not { } share
            ? ($"{ValueText.None} of {period}", $"No data in the last {period}.")
            : (string.Create(CultureInfo.InvariantCulture, $"{ShareText.Of(share)} of {period}"), day.Coverage >= 0.995
                ? $"The target was met for {ShareText.Of(share)} of the last {period}."
                : $"The target was met for {ShareText.Of(share)} of the time that had data: {ShareText.Of(day.Coverage)} of the last {period}.");
    }
}
