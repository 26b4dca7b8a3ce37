using System.Runtime.InteropServices;

namespace Dashboard.Core.History;

/// <summary>What is kept of one KPI for one minute.</summary>
/// <param name="Minute">Whole minutes since 1970 (UTC).</param>
/// <param name="Last">The last value that held in it, in the KPI's unit.</param>
/// <param name="Min">The smallest value that held in it.</param>
/// <param name="Max">The largest value that held in it.</param>
/// <param name="MetMilliseconds">Time in which the target, as it then was, was met, 0 to 60,000.</param>
/// <param name="DataMilliseconds">Time for which there was data, 0 to 60,000.</param>
/// <param name="Backfilled">True where it was read from the source afterwards.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HistoryMinute(
    long Minute, double Last, double Min, double Max, int MetMilliseconds, int DataMilliseconds, bool Backfilled = false)
{
    /// <summary>When the minute began.</summary>
    public DateTimeOffset Start => StartOf(Minute);

    /// <summary>The minute that <paramref name="at"/> lies in.</summary>
    public static long Of(DateTimeOffset at) => (long)Math.Floor(at.ToUnixTimeMilliseconds() / 60_000.0);

    public static DateTimeOffset StartOf(long minute) => DateTimeOffset.FromUnixTimeMilliseconds(minute * 60_000);
}
