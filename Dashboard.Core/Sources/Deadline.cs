namespace Dashboard.Core.Sources;

/// <summary>The time that is left for one answer, however many requests it takes.</summary>
internal sealed class Deadline(TimeProvider clock, TimeSpan total)
{
    private readonly long _start = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    public TimeSpan Left => total - Elapsed;
}
