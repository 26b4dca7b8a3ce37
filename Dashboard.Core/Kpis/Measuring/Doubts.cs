using System.Collections.Immutable;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>What is to be remarked of a value that is there: too few observations, an incomplete answer.</summary>
internal static class Doubts
{
    public static KpiReading Added(KpiReading reading, KpiDefinition kpi, double? quantile, SourceKind source, ImmutableArray<string> partial)
    {
        if (kpi.LeastSamples > 0 && reading.SampleCount < kpi.LeastSamples)
            reading = reading with { Warnings = reading.Warnings.Add(TooFew(kpi, quantile, reading.SampleCount.Value)) };
        if (partial.IsDefaultOrEmpty)
            return reading;

        var told = $"partial: {source.Title()} says \"{partial[0]}\"";
        return reading with
        {
            Confidence = Confidence.Partial,
            ConfidenceDetail = reading.ConfidenceDetail is { } detail ? $"{told}; {detail}" : told,
        };
    }

    /// <summary>"Only 240 observations in 5 min: a 99th percentile needs about 1,000."</summary>
    public static string TooFew(KpiDefinition kpi, double? quantile, long samples) => quantile is { } q
        ? $"Only {Wording.Number(samples)} observations in {Wording.Span(kpi.Window)}: a {Wording.Percentile(q)} needs about {Wording.Number(kpi.LeastSamples)}."
        : $"Only {Wording.Number(samples)} observations in {Wording.Span(kpi.Window)}: a target of {Wording.Number(kpi.Target.Value)} {kpi.Unit} needs about {Wording.Number(kpi.LeastSamples)} to be judged.";
}
