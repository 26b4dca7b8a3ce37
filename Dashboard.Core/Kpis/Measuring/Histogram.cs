using System.Collections.Immutable;
using System.Globalization;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>A classic Prometheus histogram at one moment: cumulative counts (or rates) by upper bound, the last bound being infinite.</summary>
internal sealed record Histogram(ImmutableArray<(double Bound, double Cumulative)> Buckets)
{
    /// <summary>All observations.</summary>
    public double Total => Buckets[^1].Cumulative;

    /// <summary>The highest finite bound. What lies above it is not told apart.</summary>
    public double Top => Buckets[^2].Bound;

    /// <summary>Reads the elements of <c>sum by (le) (…_bucket)</c>; null where they are no whole histogram or hold no observation.</summary>
    public static Histogram? Of(ImmutableArray<MetricSample> samples)
    {
        var buckets = new List<(double Bound, double Cumulative)>(samples.Length);
        foreach (var sample in samples)
        {
            if (sample.Labels.Count != 1 || !sample.Labels.TryGetValue("le", out var written) || Bound(written) is not { } bound || !double.IsFinite(sample.Value))
                return null;
            buckets.Add((bound, sample.Value));
        }

        buckets.Sort((a, b) => a.Bound.CompareTo(b.Bound));

        // While series are young, rate() extrapolates each bucket a little differently, so that a higher one can come out lower. Prometheus levels this likewise.
        for (var at = 1; at < buckets.Count; at++)
        {
            if (buckets[at].Cumulative < buckets[at - 1].Cumulative || Same(buckets[at].Cumulative, buckets[at - 1].Cumulative))
                buckets[at] = (buckets[at].Bound, buckets[at - 1].Cumulative);
        }

        return buckets is [_, .., { Bound: double.PositiveInfinity, Cumulative: > 0 }] ? new([.. buckets]) : null;
    }

    /// <summary>The quantile as Prometheus estimates it: linear inside the bucket, the highest finite bound above it.</summary>
    public double Quantile(double quantile)
    {
        var rank = quantile * Total;
        var at = 0;
        while (at < Buckets.Length - 1 && Buckets[at].Cumulative < rank)
            at++;
        if (at == Buckets.Length - 1)
            return Top;

        var (lower, below) = at is 0 ? (0, 0) : Buckets[at - 1];
        var inside = Buckets[at].Cumulative - below;
        return inside > 0 ? lower + ((Buckets[at].Bound - lower) * (rank - below) / inside) : Buckets[at].Bound;
    }

    /// <summary>True where the quantile lies above the highest finite bound.</summary>
    public bool IsAboveTop(double quantile) => Buckets[^2].Cumulative < quantile * Total;

    /// <summary>The bounds of the bucket that a value lies in.</summary>
    public (double Lower, double Upper) Around(double value)
    {
        var at = 0;
        while (at < Buckets.Length - 1 && Buckets[at].Bound < value && !Same(Buckets[at].Bound, value))
            at++;
        return (at is 0 ? 0 : Buckets[at - 1].Bound, Buckets[at].Bound);
    }

    /// <summary>The exact share of observations up to a value, 0 to 1; null where no bound lies at it.</summary>
    public double? ShareUpTo(double value)
    {
        foreach (var (bound, cumulative) in Buckets)
        {
            if (double.IsFinite(bound) && Same(bound, value))
                return Math.Clamp(cumulative / Total, 0, 1);
        }

        return null;
    }

    /// <summary>The upper bound of the highest bucket that holds an observation: infinite where that is the open one.</summary>
    public double HighestInUse()
    {
        for (var at = Buckets.Length - 1; at > 0; at--)
        {
            if (Buckets[at].Cumulative > Buckets[at - 1].Cumulative)
                return Buckets[at].Bound;
        }

        return Buckets[0].Bound;
    }

    private static bool Same(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));

    private static double? Bound(string written) => written is "+Inf" or "Inf" ? double.PositiveInfinity
        : double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound
        : null;
}
