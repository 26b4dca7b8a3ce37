using Dashboard.Sandbox.Servers;
using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.MetricHistory;

/// <summary>Fills a Prometheus database with the metrics of the story's past week, before Prometheus is started on it.</summary>
public static class MetricBackfill
{
    /// <summary>How far the past reaches back: a week, and the hours before it with which the first readings are compared.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromDays(7) + TimeSpan.FromHours(2);

    // Two samples fall into every window of five minutes, which is the least that a rate needs.
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(2);

    // What is scraped live must not be older than the newest block.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    /// <summary>Writes the past into the database.</summary>
    /// <param name="story">What happened; its past ends at its "now".</param>
    /// <param name="rulesFile">The alert rules that were in force.</param>
    /// <param name="database">Prometheus's storage.tsdb.path.</param>
    /// <param name="cancellation">Ends the work half done: then the database is to be deleted.</param>
    /// <exception cref="ServerFailedException">promtool is not installed or refused the samples.</exception>
    public static async Task FillAsync(SandboxStory story, string rulesFile, string database, CancellationToken cancellation)
    {
        var rules = await File.ReadAllTextAsync(rulesFile, cancellation);
        var past = new PastConditions(story, PastSteps.Until(story.Now - Margin, Length, Step));
        Directory.CreateDirectory(database);

        // Two halves, because promtool uses one core.
        Action<OpenMetricsWriter>[] parts =
        [
            .. RequestOutcome.All.Chunk((RequestOutcome.All.Count / 2) + 1).Select(Action<OpenMetricsWriter> (half) => writer => RequestMetrics.Write(writer, past, half)),
        ];
        parts[^1] += writer => ServiceMetrics.Write(writer, past);
        parts[^1] += writer => ServerMetrics.Write(writer, past);
        parts[^1] += writer => new PastAlerts(rules).Write(writer, past);
        await Task.WhenAll(parts.Select((part, i) => FillPartAsync($"{database}.{i}.openmetrics", part, past.Steps, database, cancellation)));
    }

    private static async Task FillPartAsync(
        string file, Action<OpenMetricsWriter> part, PastSteps steps, string database, CancellationToken cancellation)
    {
        try
        {
            await Task.Run(() => Write(file, part, steps), cancellation);
            await ShortCommand.RunAsync(
                "promtool", ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=168h", file, database], cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Write(string file, Action<OpenMetricsWriter> part, PastSteps steps)
    {
        using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 20);
        var writer = new OpenMetricsWriter(output, steps);
        part(writer);
        writer.End();
    }
}
