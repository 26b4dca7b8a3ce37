using System.Collections.Immutable;
using Dashboard.Core.Kpis;
using Dashboard.Web.Formatting;

namespace Dashboard.Web.Scorecards;

/// <summary>Everything there is to say of a KPI at one moment: the proof of what its card claims.</summary>
public sealed record DetailsView
{
    public required CardView Card { get; init; }

    public required string Description { get; init; }

    /// <summary>The query exactly as it was sent, or as it is defined before the first reading.</summary>
    public required string Query { get; init; }

    /// <summary>What remains to be told, in order.</summary>
    public required ImmutableArray<Fact> Facts { get; init; }

    /// <summary>What the source or the reader had to remark.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>What the checker has to say of the target.</summary>
    public required ImmutableArray<string> Advice { get; init; }

    /// <param name="Name">What it is.</param>
    /// <param name="Text">In words; "" where the moment says it all.</param>
    /// <param name="At">A moment that belongs to it, with its age.</param>
    /// <param name="IsCode">True for ids: shown in the mono face.</param>
    public sealed record Fact(string Name, string Text, DateTimeOffset? At = null, bool IsCode = false);

    public static DetailsView Of(KpiState state)
    {
        var card = CardView.Of(state);
        return new DetailsView
        {
            Card = card,
            Description = state.Definition.Description,
            Query = state.Reading?.Query ?? state.Definition.Query.Text,
            Facts = [.. FactsOf(state, card)],
            Warnings = state.Reading is { Warnings: { IsDefaultOrEmpty: false } warnings } ? warnings : [],
            Advice = state.Advice.IsDefault ? [] : state.Advice,
        };
    }

    private static IEnumerable<Fact> FactsOf(KpiState state, CardView card)
    {
        var kpi = state.Definition;
        if (state.Since > DateTimeOffset.UnixEpoch)
            yield return new Fact($"{CardView.Word(state.Status)} since", "", state.Since);
        yield return new Fact("Window", $"{card.Window}, read every {SpanText.Exact(kpi.Interval)}");
        foreach (var fact in ReadingFacts(state, card))
            yield return fact;
        if (card.Change.Words.Length > 0)
            yield return new Fact("Change", card.Change.Words);
        if (card.Week.Words.Length > 0)
            yield return new Fact("Last week", card.Week.Words);
        if (!state.Attainments.IsDefaultOrEmpty)
            yield return new Fact("Target met", string.Join(" · ", state.Attainments.Select(AttainmentText)));
        yield return new Fact("Owner", kpi.Owner);
    }

    private static IEnumerable<Fact> ReadingFacts(KpiState state, CardView card)
    {
        if (state.Reading is not { } reading)
            yield break;

        var kpi = state.Definition;
        if (state.Status is KpiStatus.SourceDown or KpiStatus.NoData && reading.Value is { } last)
            yield return new Fact("Last value", ValueText.WithUnit(ValueText.Of(last, kpi.Unit, kpi.Target.Value), kpi.Unit), reading.MeasuredAt);
        else
            yield return new Fact("Measured", $"by {kpi.Query.Source.Title()} in {SpanText.Latency(reading.Latency)}", reading.MeasuredAt);

        yield return new Fact("Confidence", card.MarkWords.Length > 0 ? card.MarkWords : reading.ConfidenceDetail ?? ConfidenceWord(reading.Confidence));
        if (reading.SampleCount is { } samples)
            yield return new Fact("Samples", ValueText.Count(samples) + (samples < kpi.LeastSamples ? $" (fewer than the {ValueText.Count(kpi.LeastSamples)} that make it sure)" : ""));
        if (reading.Coverage is { } coverage)
            yield return new Fact("Coverage", $"data for {ShareText.Of(coverage)} of the window");
        if (reading.ShareUnderTarget is { } share)
            yield return new Fact("Under the target", $"{ShareText.Of(share)} of requests, counted exactly");
        if (reading.TraceId is { } trace)
            yield return new Fact("Trace", trace, IsCode: true);
    }

    private static string ConfidenceWord(Confidence confidence) => confidence switch
    {
        Confidence.Exact => "Exact: counted, not estimated",
        Confidence.Estimated => "Estimated",
        Confidence.Clamped => "At least",
        Confidence.Partial => "Partial",
        _ => throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Not a confidence."),
    };

    private static string AttainmentText(Attainment attainment)
    {
        var period = SpanText.Period(attainment.Period);
        return attainment.Share is not { } share
            ? $"{ValueText.None} of {period}"
            : attainment.Coverage >= 0.995 ? $"{ShareText.Of(share)} of {period}" : $"{ShareText.Of(share)} of {period} ({ShareText.Of(attainment.Coverage)} known)";
    }
}
