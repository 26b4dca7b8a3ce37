using System.Collections.Immutable;
using Dashboard.Core.Series;

namespace Dashboard.Core.Sources.Prometheus;

/// <summary>
/// How a range is asked for. Moments are multiples of the step, so that equal windows are equal queries, which caches in front of Prometheus recognise, and a
/// graph does not jitter. Prometheus gives at most 11,000 points a series: a longer range is asked for in consecutive parts. More than
/// <see cref="MostParts"/> parts would be a flood; there the step is widened to a multiple that fits.
/// </summary>
/// <param name="Step">Between two points.</param>
/// <param name="Parts">First and last moment of each query, both included, in order and without overlap.</param>
internal sealed record RangePlan(TimeSpan Step, ImmutableArray<(DateTimeOffset First, DateTimeOffset Last)> Parts)
{
    public const int MostPoints = 11_000;
    public const int MostParts = 8;

    /// <param name="range">Half open: a point at its end is not asked for.</param>
    /// <param name="step">At least a millisecond.</param>
    public static RangePlan Of(TimeRange range, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.FromMilliseconds(1));

        var wanted = step.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;
        var fits = wanted * Math.Max(1, CeilingOf(range.Length.Ticks, wanted * (long)MostPoints * MostParts));
        var first = CeilingOf(range.Start.UtcTicks, fits) * fits;
        var last = (CeilingOf(range.End.UtcTicks, fits) - 1) * fits;

        var parts = ImmutableArray.CreateBuilder<(DateTimeOffset, DateTimeOffset)>();
        for (var start = first; start <= last; start += fits * MostPoints)
            parts.Add((At(start), At(Math.Min(last, start + (fits * (MostPoints - 1))))));
        return new RangePlan(TimeSpan.FromTicks(fits), parts.ToImmutable());
    }

    private static long CeilingOf(long value, long divisor) => (value / divisor) + (value % divisor > 0 ? 1 : 0);

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
