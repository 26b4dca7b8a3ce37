using System.Collections.Immutable;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>
/// What several KPIs ask in the same round (the buckets behind all percentiles, the age of the newest sample) is asked of Prometheus once: those who come while
/// it is under way, or within <see cref="Lifetime"/>, get the same answer.
/// </summary>
internal sealed class SharedMetricQueries(IMetricSource metrics, TimeProvider clock)
{
    /// <summary>Shorter than any reading interval but long enough for one round of readings.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <exception cref="SourceException"/>
    public Task<MetricAnswer> AskAsync(string expression, CancellationToken cancellation)
    {
        Entry entry;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var (key, _) in _entries.Where(e => e.Value.Answer.IsCompleted && (!e.Value.Answer.IsCompletedSuccessfully || now - e.Value.AskedAt >= Lifetime)).ToList())
                _entries.Remove(key);

            if (!_entries.TryGetValue(expression, out entry!))
                _entries[expression] = entry = new Entry(now, MetricAnswer.OfAsync(metrics, expression, clock, CancellationToken.None));
        }

        // One who gives up does not take the answer from the others; the client's own time limit ends the query.
        return entry.Answer.WaitAsync(cancellation);
    }

    private sealed record Entry(DateTimeOffset AskedAt, Task<MetricAnswer> Answer);
}

/// <summary>An answer of Prometheus with the time, by our clock, at which it was worked out.</summary>
internal sealed record MetricAnswer(ImmutableArray<MetricSample> Samples, TimeSpan Latency, ImmutableArray<string> Warnings, DateTimeOffset? ServerTime, DateTimeOffset At)
{
    /// <summary>The one value; null where there is none, or it is no number.</summary>
    public double? Value => Samples is [{ Value: var value }] && double.IsFinite(value) ? value : null;

    /// <summary>Server clock − ours; null where not told. The time of evaluation tells it to the millisecond, the answer's head to the second.</summary>
    public TimeSpan? Skew => (Samples is [{ At: var evaluated }, ..] ? evaluated : ServerTime) - At;

    public static async Task<MetricAnswer> OfAsync(IMetricSource metrics, string expression, TimeProvider clock, CancellationToken cancellation)
    {
        await Task.Yield();
        var answer = await metrics.QueryAsync(expression, at: null, cancellation);
        return new(answer.Value, answer.Latency, answer.Warnings, answer.ServerTime, clock.GetUtcNow() - (answer.Latency / 2));
    }
}
