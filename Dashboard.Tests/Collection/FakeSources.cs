using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Dashboard.Core.Collection;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Collection;

/// <summary>A reader that answers what the test says, and counts.</summary>
internal sealed class CountingReader(TimeProvider clock) : IKpiReader
{
    private readonly ConcurrentDictionary<string, int> _reads = new();
    private readonly ConcurrentDictionary<string, int> _running = new();

    /// <summary>What a read gives; a good value unless set.</summary>
    public Func<KpiDefinition, CancellationToken, Task<KpiOutcome>>? Answer { get; set; }

    public Func<KpiDefinition, TimeRange, TimeSpan, TimeSeries> Past { get; set; } = (_, _, _) => TimeSeries.Empty;

    public ConcurrentQueue<(string Kpi, TimeRange Range, TimeSpan Step)> PastReads { get; } = new();

    public int Reads => _reads.Values.Sum();

    public int ReadsOf(string kpi) => _reads.GetValueOrDefault(kpi);

    /// <summary>True if a KPI was ever read while a read of it was under way.</summary>
    public bool Overlapped { get; private set; }

    public async Task<KpiOutcome> ReadAsync(KpiDefinition kpi, CancellationToken cancellation)
    {
        _reads.AddOrUpdate(kpi.Id, 1, (_, count) => count + 1);
        Overlapped |= _running.AddOrUpdate(kpi.Id, 1, (_, count) => count + 1) > 1;
        try
        {
            return Answer is { } answer ? await answer(kpi, cancellation) : TestKpis.Measured(50, clock.GetUtcNow());
        }
        finally
        {
            _running.AddOrUpdate(kpi.Id, 0, (_, count) => count - 1);
        }
    }

    public Task<TimeSeries> PastAsync(KpiDefinition kpi, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        PastReads.Enqueue((kpi.Id, range, step));
        try
        {
            return Task.FromResult(Past(kpi, range, step));
        }
        catch (SourceException exception)
        {
            return Task.FromException<TimeSeries>(exception);
        }
    }
}

/// <summary>A history in memory.</summary>
internal sealed class FakeHistory : IReadingHistory
{
    private readonly ConcurrentDictionary<(string Kpi, long Minute), HistoryMinute> _minutes = new();
    private readonly ConcurrentQueue<StatusChange> _changes = new();
    private DateTimeOffset? _seen;

    public Exception? WriteFailure { get; set; }

    public int Writes { get; private set; }

    public ConcurrentDictionary<(string Kpi, long Minute), HistoryMinute> Minutes => _minutes;

    public IReadOnlyCollection<StatusChange> Changes => _changes;

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<DateTimeOffset?> SeenUntilAsync(CancellationToken cancellation) => Task.FromResult(_seen);

    public IAsyncEnumerable<HistoryMinute> MinutesAsync(string kpi, TimeRange range, CancellationToken cancellation) =>
        _minutes.Where(entry => entry.Key.Kpi == kpi && range.Contains(entry.Value.Start)).Select(entry => entry.Value).OrderBy(minute => minute.Minute)
            .ToAsyncEnumerable();

    public Task<IReadOnlyList<StatusChange>> ChangesAsync(string kpi, TimeRange range, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StatusChange>>([.. _changes.Where(change => change.Kpi == kpi && change.At < range.End).OrderBy(change => change.At)]);

    public Task WriteAsync(HistoryBatch batch, CancellationToken cancellation)
    {
        if (WriteFailure is { } failure)
            return Task.FromException(failure);
        Writes++;
        foreach (var (kpi, minutes) in batch.Minutes)
        {
            foreach (var minute in minutes)
                _minutes[(kpi, minute.Minute)] = minute;
        }

        foreach (var change in batch.Changes)
            _changes.Enqueue(change);
        _seen = batch.SeenUntil;
        return Task.CompletedTask;
    }

    public Task PruneAsync(DateTimeOffset now, CancellationToken cancellation) => Task.CompletedTask;
}

internal sealed class FakeChecker : ITargetChecker
{
    public ImmutableDictionary<string, ImmutableArray<string>> Advice { get; set; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    public Task<ImmutableDictionary<string, ImmutableArray<string>>> CheckAsync(CancellationToken cancellation) => Task.FromResult(Advice);
}

internal sealed class FakeTeller : IDialectTeller
{
    public SourceKind Source => SourceKind.Prometheus;

    public string Dialect => "OpenTelemetry .NET";
}

internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, options.Version, options.Tags, scope: this);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
