using Dashboard.Core.Collection;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Collection;

/// <summary>A collector whose time and sources the test holds in its hand. Ticks are given one by one, or the whole loop is run.</summary>
internal sealed class CollectorRig : IAsyncDisposable
{
    private static readonly Func<SourceAnswer<SourceIdentity>> Fine =
        () => new SourceAnswer<SourceIdentity>(new SourceIdentity("2.42.0", null, []), TimeSpan.FromMilliseconds(4), [], null);

    private readonly TestMeters _meters = new();
    private readonly DateTimeOffset _made;

    public CollectorRig(IEnumerable<KpiDefinition> kpis, CollectionOptions? options = null, FakeTimeProvider? clock = null, IReadingHistory? history = null)
    {
        Clock = clock ?? new FakeTimeProvider(TestKpis.Noon);
        _made = Clock.GetUtcNow();
        Reader = new CountingReader(Clock);
        ProbeAnswers = TestKpis.AllSources.ToDictionary(source => source, _ => Fine);
        Probes = [.. TestKpis.AllSources.Select(source => new FakeProbe(source, _ => Task.FromResult(ProbeAnswers[source]())))];
        Collector = new ScorecardCollector(
            new KpiCatalog([.. kpis]),
            Reader,
            Probes,
            [new FakeTeller()],
            Checker,
            history ?? History,
            Feed,
            new CollectionMetrics(_meters, Feed, Clock),
            options ?? new CollectionOptions { Backfill = TimeSpan.Zero },
            Clock,
            NullLoggerFactory.Instance);
    }

    public FakeChecker Checker { get; } = new();

    public FakeTimeProvider Clock { get; }

    /// <summary>The history in memory, used where the test brings no other.</summary>
    public FakeHistory History { get; } = new();

    public CountingReader Reader { get; }

    public FakeProbe[] Probes { get; }

    /// <summary>What each probe gives; may throw.</summary>
    public Dictionary<SourceKind, Func<SourceAnswer<SourceIdentity>>> ProbeAnswers { get; }

    public ScorecardFeed Feed { get; } = new();

    public ScorecardCollector Collector { get; }

    public Scorecard Latest => Feed.Latest;

    public KpiState this[string id] => Latest.Find(id)!;

    public SourceState this[SourceKind source] => Latest.Sources.Single(state => state.Source == source);

    /// <summary>One tick; where a source hangs, it is over as soon as its patience is.</summary>
    public async Task TickAsync()
    {
        var tick = Collector.TickAsync(CancellationToken.None);
        if (!tick.IsCompleted)
            Clock.Advance(ScorecardCollector.Patience);
        await tick;
    }

    /// <summary>Ticks of five seconds for as long.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        for (var end = Clock.GetUtcNow() + time; Clock.GetUtcNow() < end;)
        {
            var next = Clock.GetUtcNow() + TimeSpan.FromSeconds(5);
            await TickAsync();
            if (next > Clock.GetUtcNow())
                Clock.Advance(next - Clock.GetUtcNow());
        }
    }

    /// <summary>Ticks until something is so.</summary>
    public async Task RunUntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            await RunAsync(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        while (!isSo());
    }

    /// <summary>Waits until something is so without letting time pass.</summary>
    public static async Task SettledAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass until something is so; never so fast that the running collector misses a tick.</summary>
    public async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            if (Clock.GetUtcNow() - (Latest.Sequence == 0 ? _made : Latest.At) < (Latest.Sequence == 0 ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(7.5)))
                Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Collector.StopAsync(CancellationToken.None);
        Collector.Dispose();
        _meters.Dispose();
    }
}
