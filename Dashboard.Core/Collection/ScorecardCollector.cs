using System.Collections.Frozen;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Collection;

/// <summary>
/// The one loop that reads the sources, for everybody: each KPI once an interval, whoever watches. Every tick starts what is due, waits a moment for it, and publishes
/// what is known by then. A source that hangs keeps only its own reads waiting.
/// </summary>
public sealed partial class ScorecardCollector : BackgroundService
{
    /// <summary>How long a tick waits for the reads it started. What takes longer is in the next scorecard.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    private readonly CollectedKpis _kpis;
    private readonly CarefulReader _reader;
    private readonly HistoryKeeper _keeper;
    private readonly Adviser _adviser;
    private readonly PastFiller _filler;
    private readonly ScorecardFeed _feed;
    private readonly CollectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<ScorecardCollector> _log;
    private readonly FrozenDictionary<SourceKind, SemaphoreSlim> _slots;
    private readonly TimeSpan _tick;
    private readonly HashSet<SourceKind> _probing = [];
    private readonly Lock _publishing = new();

    private DateTimeOffset _probesDue = DateTimeOffset.MinValue;
    private bool _wasComplete;
    private Task _writing = Task.CompletedTask;

    public ScorecardCollector(
        KpiCatalog catalog,
        IKpiReader reader,
        IEnumerable<ISourceProbe> probes,
        IEnumerable<IDialectTeller> tellers,
        ITargetChecker checker,
        IReadingHistory history,
        ScorecardFeed feed,
        CollectionMetrics metrics,
        CollectionOptions options,
        TimeProvider clock,
        ILoggerFactory logs)
    {
        _feed = feed;
        _options = options;
        _clock = clock;
        _log = logs.CreateLogger<ScorecardCollector>();
        _kpis = new CollectedKpis(catalog, probes, tellers, options.Environment, clock.GetUtcNow());
        _reader = new CarefulReader(reader, metrics, options.ReadTimeout, clock, logs.CreateLogger<CarefulReader>());
        _keeper = new HistoryKeeper(_kpis, history, clock, logs.CreateLogger<HistoryKeeper>());
        _adviser = new Adviser(_kpis, checker, clock, logs.CreateLogger<Adviser>());
        _filler = new PastFiller(_kpis, reader, metrics, options, clock, logs.CreateLogger<PastFiller>());
        _slots = Enum.GetValues<SourceKind>().ToFrozenDictionary(kind => kind, _ => new SemaphoreSlim(options.ConcurrentReads));
        _tick = catalog.All.Select(kpi => kpi.Interval).Append(options.Interval).Min() is var least && least < TimeSpan.FromSeconds(1)
            ? TimeSpan.FromSeconds(1)
            : least;
    }

    /// <inheritdoc/>
    /// <exception cref="Settings.SettingsException">The history cannot be used as it is set up.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes up what the history knows.</summary>
    internal Task RestoreAsync(CancellationToken cancellation) => _keeper.OpenAsync(cancellation);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _writing;
        await _keeper.WriteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var slots in _slots.Values)
            slots.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_tick, _clock);
        Task[] besides = [];
        try
        {
            do
            {
                await TickAsync(stoppingToken);
                if (_wasComplete && besides is [])
                    besides = [_filler.RunAsync(stoppingToken), _adviser.RunAsync(stoppingToken)];
                if (_writing.IsCompleted)
                    _writing = _keeper.WriteAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(besides).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starts what is due, waits for it for a moment, and publishes.</summary>
    internal async Task TickAsync(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        List<Task> started = [.. _kpis.BeginDue(now, _tick / 2).Select(kpi => ReadAsync(kpi, cancellation))];
        if (now + (_tick / 2) >= _probesDue)
        {
            _probesDue = now + _options.ProbeInterval;
            started.AddRange(_kpis.Probes.Select(probe => ProbeAsync(probe, cancellation)));
        }

        // Neither a slow source nor a failure is exceptional here.
        await Task.WhenAll(started).WaitAsync(Patience, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        Publish();
    }

    /// <summary>Never throws: whatever happens is logged and becomes the KPI's status.</summary>
    private async Task ReadAsync(KpiDefinition kpi, CancellationToken cancellation)
    {
        KpiOutcome? outcome = null;
        try
        {
            var slots = _slots[kpi.Query.Source];
            await slots.WaitAsync(cancellation);
            try
            {
                outcome = await _reader.ReadAsync(kpi, cancellation);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Stopping: what was not answered stays unsaid.
        }

        var (before, allTried) = _kpis.End(kpi, outcome, _clock.GetUtcNow());
        if (outcome is not null)
            TellOfChange(kpi, before, outcome);

        // The first full scorecard is awaited by whoever started the dashboard: it does not wait for its tick.
        if (allTried && !_wasComplete)
            Publish();
    }

    private async Task ProbeAsync(ISourceProbe probe, CancellationToken cancellation)
    {
        lock (_probing)
        {
            if (!_probing.Add(probe.Source))
                return;
        }

        try
        {
            _kpis.Probed(probe.Source, await _reader.ProbeAsync(probe, cancellation), _clock.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            lock (_probing)
                _probing.Remove(probe.Source);
        }
    }

    private void Publish()
    {
        // One at a time, so that scorecards are seen in their order.
        lock (_publishing)
        {
            var scorecard = _kpis.Take(_clock.GetUtcNow());
            _wasComplete |= scorecard.IsComplete;
            _feed.Publish(scorecard);
        }
    }

    private void TellOfChange(KpiDefinition kpi, KpiTries before, KpiOutcome outcome)
    {
        if (outcome is KpiOutcome.Failed { Failure: var failure })
        {
            // A source that is given a rest between failures is no news.
            var last = before.Failure?.Failure.Kind;
            if (last is null || (last != failure.Kind && last is not FailureKind.Resting && failure.Kind is not FailureKind.Resting))
                LogFailed(kpi.Id, failure.Kind, failure.Message, failure.Hint);
        }
        else if (before.Failure is not null)
        {
            LogRecovered(kpi.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kpi} cannot be read ({Kind}): {Message} {Hint}")]
    private partial void LogFailed(string kpi, FailureKind kind, string message, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kpi} is read again.")]
    private partial void LogRecovered(string kpi);
}
