using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>
/// The traces of the story's past: a share of the requests that have documents in the logs, and of those every one that failed or was slow. So a trace
/// found here always has its log line.
/// </summary>
internal static class TraceHistory
{
    /// <summary>Traces of the past at most.</summary>
    public const int MostTraces = 6_000;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(400);

    /// <summary>Fills the store; the newest traces are taken where there are too many.</summary>
    public static void Fill(SpanStore store, RequestHistory history)
    {
        var chosen = history.Sampled().Where(r => IsChosen(r, history.Story)).TakeLast(MostTraces);
        foreach (var request in chosen)
        {
            if (!store.Keep(PastTrace.Of(request)))
                return;
        }
    }

    private static bool IsChosen(PastRequest request, SandboxStory story) =>
        request.ErrorType is not null || request.Duration > Slow || (ulong)(request.TraceId >> 64) % OneIn(request.At, story) is 0;

    private static ulong OneIn(DateTimeOffset at, SandboxStory story) =>
        at > story.Now.AddMinutes(-6) ? 8UL
        : story.Incidents.Any(i => i.Covers(at)) ? 4UL
        : 12UL;
}
