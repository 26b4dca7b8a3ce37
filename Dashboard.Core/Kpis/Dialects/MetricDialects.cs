using System.Collections.Immutable;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Dialects;

/// <summary>Finds out, from the names of the metrics that are there, how the service is instrumented; looks again when they may have changed.</summary>
public sealed class MetricDialects(IMetricSource metrics, MetricSettings settings, TimeProvider clock) : IDialectTeller
{
    private static readonly TimeSpan WhenFound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WhenInDoubt = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private Task<MetricDialect?>? _looking;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;
    private bool _inDoubt = true;
    private MetricDialect? _current;

    /// <summary>The dialect in use; null before it was found. Once found it stays until another one is.</summary>
    public MetricDialect? Current => Volatile.Read(ref _current);

    SourceKind IDialectTeller.Source => SourceKind.Prometheus;

    string? IDialectTeller.Dialect => Current?.Description;

    /// <summary>The dialect in use, looked for where it is not known or may have changed; null where none of the known ones is there.</summary>
    /// <exception cref="SourceException">The names could not be asked for, and none was known before.</exception>
    public async Task<MetricDialect?> FindAsync(CancellationToken cancellation)
    {
        Task<MetricDialect?> looking;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_looking is null && now - _lookedAt < (_inDoubt ? WhenInDoubt : WhenFound))
                return Current;

            _looking ??= LookAsync();
            looking = _looking;
        }

        // One look serves all who wait; that one of them gives up does not end it for the others.
        return await looking.WaitAsync(cancellation);
    }

    /// <summary>Says that a metric expected to be there is not: the names are looked at again soon.</summary>
    public void Doubt()
    {
        lock (_lock)
            _inDoubt = true;
    }

    private async Task<MetricDialect?> LookAsync()
    {
        await Task.Yield();
        var answered = false;
        try
        {
            var found = await RecognizeAsync(TimeSpan.FromHours(1)) ?? await RecognizeAsync(TimeSpan.FromDays(1));
            if (found is not null)
                Volatile.Write(ref _current, found);
            answered = true;
            lock (_lock)
                _inDoubt = found is null;
            return Current;
        }
        catch (SourceException) when (Current is not null)
        {
            // Whoever asks for the value will hear of the failure; the names have hardly changed meanwhile.
            return Current;
        }
        finally
        {
            lock (_lock)
            {
                _looking = null;

                // A source that did not answer is asked again by the next reading: recovery should not wait.
                _lookedAt = answered ? clock.GetUtcNow() : DateTimeOffset.MinValue;
            }
        }
    }

    private async Task<MetricDialect?> RecognizeAsync(TimeSpan past)
    {
        var answer = await metrics.MetricNamesAsync(TimeRange.Before(clock.GetUtcNow(), past), CancellationToken.None);
        var names = answer.Value.ToHashSet(StringComparer.Ordinal);
        if (settings.Dialect is { } set)
            return KnownDialects.Find(set) is { } configured ? WithPartsFrom(configured, names) : null;

        var candidates = KnownDialects.All.Where(d => d.Telltales.All(names.Contains)).ToImmutableArray();
        foreach (var candidate in candidates.Length > 1 ? candidates : [])
        {
            // Several are there, perhaps of other jobs or of the time before a change: the one the service has now is meant.
            var count = PromQlTemplate.Expand("count($requests{$selector})", candidate, settings.Selector, past);
            if ((await metrics.QueryAsync(count, at: null, CancellationToken.None)).Value is [{ Value: > 0 }, ..])
                return WithPartsFrom(candidate, names);
        }

        return candidates is [var first, ..] ? WithPartsFrom(first, names) : null;
    }

    // Pool and memory are instrumented apart from HTTP, so their names need not be of the same family.
    private static MetricDialect WithPartsFrom(MetricDialect dialect, HashSet<string> names) => dialect with
    {
        Pool = names.Contains(dialect.Pool.Metric) && dialect.Pool.Metric is not "pg_settings_max_connections"
            ? dialect.Pool
            : KnownDialects.Pools.FirstOrDefault(p => names.Contains(p.Metric)) ?? dialect.Pool,
        Memory = names.Contains(dialect.Memory.Metric) ? dialect.Memory : KnownDialects.Memories.FirstOrDefault(m => names.Contains(m.Metric)) ?? dialect.Memory,
    };
}
