namespace Dashboard.Core.Series;

/// <summary>A span of time, half open: <paramref name="Start"/> belongs to it, <paramref name="End"/> does not.</summary>
public readonly record struct TimeRange(DateTimeOffset Start, DateTimeOffset End)
{
    public TimeSpan Length => End - Start;

    /// <summary>The span of the given length that ends at <paramref name="end"/>.</summary>
    public static TimeRange Before(DateTimeOffset end, TimeSpan length) => new(end - length, end);

    public bool Contains(DateTimeOffset at) => at >= Start && at < End;
}
