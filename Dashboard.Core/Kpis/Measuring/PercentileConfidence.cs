namespace Dashboard.Core.Kpis.Measuring;

/// <summary>What the histogram behind a percentile tells of it: the bucket it lies in, and the exact share under the target where a bound lies there.</summary>
internal static class PercentileConfidence
{
    // A histogram is in seconds by convention and the KPI often in milliseconds; the factor is recognized, not assumed.
    private static readonly double[] Scales = [1, 1000, 1_000_000, 0.001];

    public static KpiReading Of(KpiReading reading, KpiTarget target, string unit, double quantile, Histogram histogram)
    {
        if (reading.Value is not { } value || Scale(value, histogram.Quantile(quantile)) is not { } scale)
            return reading with { Confidence = Confidence.Estimated, ConfidenceDetail = "estimated from a histogram whose bounds are not known" };

        var share = target.Comparison is Comparison.LessThan ? histogram.ShareUpTo(target.Value / scale) : null;
        var name = $"p{Wording.Number(quantile * 100)}";
        if (histogram.IsAboveTop(quantile))
        {
            return reading with
            {
                Confidence = Confidence.Clamped,
                ConfidenceDetail = $"{name} is above {Wording.Number(histogram.Top * scale)} {unit}, the histogram's highest bound: at least that",
                ShareUnderTarget = share,
                AtLeast = true,
            };
        }

        var (lower, upper) = histogram.Around(Math.Min(value / scale, histogram.Top));
        return reading with
        {
            Confidence = Confidence.Estimated,
            ConfidenceDetail = $"{name} in ({Wording.Number(lower * scale)}, {Wording.Number(upper * scale)}] {unit}",
            ShareUnderTarget = share,
        };
    }

    /// <summary>The factor between the histogram's unit and the KPI's; null where the value does not come from this histogram.</summary>
    public static double? Scale(double value, double quantile)
    {
        foreach (var scale in Scales)
        {
            // The two were asked a moment apart, so they agree in size only.
            if (value > 0 && quantile > 0 && value / (quantile * scale) is > 1 / 3.0 and < 3)
                return scale;
        }

        return null;
    }
}
