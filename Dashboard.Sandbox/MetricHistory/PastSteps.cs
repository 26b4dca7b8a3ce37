namespace Dashboard.Sandbox.MetricHistory;

/// <summary>The moments at which the past was scraped.</summary>
/// <param name="First">Of the first scrape; unix seconds.</param>
/// <param name="Step">Seconds between scrapes.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct PastSteps(long First, int Step, int Count)
{
    public long UnixSecondsOf(int step) => First + ((long)step * Step);

    public DateTimeOffset TimeOf(int step) => DateTimeOffset.FromUnixTimeSeconds(UnixSecondsOf(step));

    /// <summary>As many steps as fit into the time before <paramref name="end"/>, aligned so that every run of the sandbox has the same.</summary>
    public static PastSteps Until(DateTimeOffset end, TimeSpan length, TimeSpan step)
    {
        var seconds = (int)step.TotalSeconds;
        var last = end.ToUnixTimeSeconds() / seconds * seconds;
        var count = (int)(length / step);
        return new PastSteps(last - ((long)(count - 1) * seconds), seconds, count);
    }
}
