namespace Dashboard.Core.History;

/// <summary>
/// The mean value of each clock hour of the last 31 days, for comparisons between periods. Each minute with data counts once. Not safe for use by several
/// threads at once.
/// </summary>
internal sealed class HourlyMeans
{
    private const int Hours = (31 * 24) + 1;

    private readonly double[] _sums = new double[Hours];
    private readonly int[] _counts = new int[Hours];

    public HourlyMeans(DateTimeOffset now) => Current = HourOf(HistoryMinute.Of(now));

    /// <summary>The hour that is under way, in whole hours since 1970.</summary>
    public long Current { get; private set; }

    public static long HourOf(long minute) => minute / 60;

    public void MoveTo(long hour)
    {
        for (; Current < hour; Current++)
        {
            if (hour - Current > Hours)
                Current = hour - Hours;
            _sums[Place(Current + 1)] = 0;
            _counts[Place(Current + 1)] = 0;
        }
    }

    public void Add(long minute, double value)
    {
        var hour = HourOf(minute);
        if (hour > Current || Current - hour >= Hours)
            return;
        _sums[Place(hour)] += value;
        _counts[Place(hour)]++;
    }

    /// <summary>The mean of an hour, null with less than a quarter of it.</summary>
    public double? Of(long hour) =>
        hour > Current || Current - hour >= Hours || _counts[Place(hour)] < 15 ? null : _sums[Place(hour)] / _counts[Place(hour)];

    /// <summary>
    /// The mean of the hour that ends at a minute: the two clock hours it touches, weighted by how much of each it covers, or the one of which something is known. Null where nothing is.
    /// </summary>
    public double? EndingAt(long minute)
    {
        var hour = HourOf(minute);
        var later = minute % 60 / 60.0;
        return (Of(hour - 1), Of(hour)) switch
        {
            ({ } before, { } after) => (before * (1 - later)) + (after * later),
            (null, { } after) when later > 0 => after,
            ({ } before, null) => before,
            _ => null,
        };
    }

    private static int Place(long hour) => (int)(hour % Hours);
}
