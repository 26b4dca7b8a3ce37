using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// The documents of the story's past: one of each sampled request, and what the service's code wrote of those that failed or were slow.
/// </summary>
internal static class LogHistory
{
    /// <summary>Documents of the past at most.</summary>
    public const int MostDocuments = 100_000;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(400);

    /// <summary>Fills the index; searches see it at once.</summary>
    public static void Fill(LogIndex index, RequestHistory history)
    {
        // Reading JSON and splitting words is what takes the time, and both cores can do it.
        var documents = 0;
        Parallel.ForEach(history.Sampled(), new ParallelOptions { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) }, request =>
        {
            if (Interlocked.Increment(ref documents) > MostDocuments)
                return;
            var name = PastLogDocument.Index(request.At + request.Duration);
            index.Add(name, null, PastLogDocument.Access(request), mustBeNew: false, keep: true);
            if ((request.ErrorType is not null || request.Duration > Slow) && Interlocked.Increment(ref documents) <= MostDocuments)
                index.Add(name, null, PastLogDocument.Application(request), mustBeNew: false, keep: true);
        });
        index.Refresh();
    }
}
