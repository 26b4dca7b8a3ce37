using Dashboard.Core.Collection;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.Collection;

public sealed class ScorecardCollectorTests
{
    private static readonly KpiDefinition[] OneOfEach = [.. AllSources.Select(source => Kpi(source.ToWire(), source))];

    [Fact]
    public async Task The_first_tick_publishes_a_full_scorecard_where_the_sources_answer()
    {
        await using var rig = new CollectorRig(OneOfEach);

        await rig.TickAsync();

        Assert.True(rig.Latest.IsComplete);
        Assert.All(rig.Latest.Kpis, kpi => Assert.Equal((KpiStatus.Met, 50), (kpi.Status, kpi.Value)));
        Assert.Equal(AllSources, rig.Latest.Sources.Select(source => source.Source));
        Assert.All(rig.Latest.Sources, source => Assert.True(source.Reachable));
    }

    [Fact]
    public async Task Each_KPI_is_read_once_per_its_own_interval()
    {
        await using var rig = new CollectorRig([Kpi("quick"), Kpi("slow", SourceKind.Postgres, interval: TimeSpan.FromSeconds(30))]);

        await rig.RunAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(60, rig.Reader.ReadsOf("quick"));
        Assert.Equal(10, rig.Reader.ReadsOf("slow"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task A_thousand_viewers_cost_the_sources_what_one_does(int viewers)
    {
        await using var rig = new CollectorRig(OneOfEach);
        using var leaving = new CancellationTokenSource();
        var seen = new int[viewers];
        Task[] watching = [.. Enumerable.Range(0, viewers).Select(viewer => WatchAsync(viewer))];

        await rig.RunAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(12 * OneOfEach.Length, rig.Reader.Reads);
        Assert.All(rig.Probes, probe => Assert.Equal(2, probe.TimesAsked));
        await leaving.CancelAsync();
        await Task.WhenAll(watching);
        Assert.All(seen, count => Assert.True(count > 0));

        async Task WatchAsync(int viewer)
        {
            try
            {
                await foreach (var _ in rig.Feed.WatchAsync(leaving.Token))
                    seen[viewer]++;
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested)
            {
                // It has left.
            }
        }
    }

    [Fact]
    public async Task A_source_that_hangs_goes_stale_alone_and_recovers_by_itself()
    {
        await using var rig = new CollectorRig(OneOfEach);
        await rig.RunAsync(TimeSpan.FromSeconds(10));
        var hanging = new TaskCompletionSource();
        rig.Reader.Answer = async (kpi, cancellation) =>
        {
            if (kpi.Query.Source is SourceKind.Jaeger)
                await hanging.Task.WaitAsync(cancellation);
            return Measured(50, rig.Clock.GetUtcNow());
        };

        var sequence = rig.Latest.Sequence;
        await rig.RunAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(sequence + 6, rig.Latest.Sequence);
        Assert.Equal(KpiStatus.Stale, rig["jaeger"].Status);
        Assert.Contains("No answer from Jaeger", rig["jaeger"].Reason, StringComparison.Ordinal);
        Assert.All(rig.Latest.Kpis.Where(kpi => kpi.Definition.Id != "jaeger"), kpi => Assert.Equal(KpiStatus.Met, kpi.Status));
        Assert.False(rig.Reader.Overlapped);

        hanging.SetResult();
        rig.Reader.Answer = null;
        await rig.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(KpiStatus.Met, rig["jaeger"].Status);
    }

    [Fact]
    public async Task A_read_that_never_ends_is_given_up_and_tried_again()
    {
        await using var rig = new CollectorRig([Kpi()], new CollectionOptions { Backfill = TimeSpan.Zero, ReadTimeout = TimeSpan.FromSeconds(20) });
        rig.Reader.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            throw new InvalidOperationException();
        };

        await rig.RunUntilAsync(() => rig["response-time"].Status is not KpiStatus.NoData);
        Assert.Equal(KpiStatus.SourceDown, rig["response-time"].Status);
        Assert.Contains("did not answer within 20 s", rig["response-time"].Reason, StringComparison.Ordinal);

        rig.Reader.Answer = null;
        await rig.RunUntilAsync(() => rig["response-time"].Status is KpiStatus.Met);
    }

    [Fact]
    public async Task A_source_is_never_asked_more_at_once_than_is_set()
    {
        var (running, most) = (0, 0);
        await using var rig = new CollectorRig(
            Enumerable.Range(0, 12).Select(number => Kpi($"kpi-{number}")), new CollectionOptions { Backfill = TimeSpan.Zero, ConcurrentReads = 3 });
        rig.Reader.Answer = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return Measured(50, rig.Clock.GetUtcNow());
        };

        await rig.Collector.TickAsync(CancellationToken.None);

        Assert.Equal(12, rig.Reader.Reads);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_reader_that_throws_is_that_KPIs_trouble_alone()
    {
        await using var rig = new CollectorRig([Kpi("good"), Kpi("broken")]);
        rig.Reader.Answer = (kpi, _) => kpi.Id == "broken" ? throw new FormatException("secret") : Task.FromResult(Measured(50, rig.Clock.GetUtcNow()));

        await rig.TickAsync();

        Assert.Equal(KpiStatus.Met, rig["good"].Status);
        Assert.Equal(KpiStatus.SourceDown, rig["broken"].Status);
        Assert.DoesNotContain("secret", rig["broken"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_tells_since_when_it_holds()
    {
        await using var rig = new CollectorRig([Kpi()]);
        await rig.RunAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(Noon, rig["response-time"].Since);

        var worse = rig.Clock.GetUtcNow();
        rig.Reader.Answer = (_, _) => Task.FromResult(Measured(500, rig.Clock.GetUtcNow()));
        await rig.RunAsync(TimeSpan.FromMinutes(2));

        Assert.Equal((KpiStatus.Missed, worse), (rig["response-time"].Status, rig["response-time"].Since));
    }

    [Fact]
    public async Task A_source_tells_how_it_is_doing()
    {
        await using var rig = new CollectorRig(OneOfEach);
        rig.Reader.Answer = (kpi, _) => Task.FromResult(
            kpi.Query.Source is SourceKind.Postgres ? Failed(SourceKind.Postgres, FailureKind.Unreachable) : Measured(50, rig.Clock.GetUtcNow()));
        rig.ProbeAnswers[SourceKind.Postgres] = () => throw new SourceException(Failure(SourceKind.Postgres));
        rig.ProbeAnswers[SourceKind.Prometheus] = () => new SourceAnswer<SourceIdentity>(
            new SourceIdentity("3.1.0", "Thanos", ["It has no exemplars."]), TimeSpan.FromMilliseconds(8), [], rig.Clock.GetUtcNow().AddSeconds(90));

        await rig.TickAsync();

        var down = rig[SourceKind.Postgres];
        Assert.False(down.Reachable);
        Assert.Equal("PostgreSQL refused the connection. Check that it runs.", down.LastError);
        Assert.Equal(["postgres"], down.Kpis);
        var up = rig[SourceKind.Prometheus];
        Assert.Equal((true, "3.1.0", "Thanos; OpenTelemetry .NET", null), (up.Reachable, up.Version, up.Dialect, up.LastError));
        Assert.Equal(TimeSpan.FromSeconds(91), up.ClockSkew);
    }

    [Fact]
    public async Task A_refused_query_does_not_make_a_reachable_source_unreachable()
    {
        await using var rig = new CollectorRig([Kpi()]);
        rig.Reader.Answer = (_, _) => Task.FromResult(Failed(kind: FailureKind.Refused));

        await rig.RunAsync(TimeSpan.FromSeconds(20));

        Assert.True(rig[SourceKind.Prometheus].Reachable);
        Assert.NotNull(rig[SourceKind.Prometheus].LastError);
    }

    [Fact]
    public async Task The_loop_runs_by_the_clock_and_publishes_the_first_full_scorecard_without_waiting_for_its_tick()
    {
        await using var rig = new CollectorRig(OneOfEach);
        var slow = new TaskCompletionSource<KpiOutcome>();
        rig.Reader.Answer = (kpi, _) => kpi.Query.Source is SourceKind.Jaeger ? slow.Task : Task.FromResult(Measured(50, rig.Clock.GetUtcNow()));
        await rig.Collector.StartAsync(CancellationToken.None);
        await CollectorRig.SettledAsync(() => rig.Reader.Reads == OneOfEach.Length);
        await rig.UntilAsync(() => rig.Latest.Sequence > 0);
        Assert.False(rig.Latest.IsComplete);
        Assert.Equal((KpiStatus.NoData, "Not read yet."), (rig["jaeger"].Status, rig["jaeger"].Reason));

        slow.SetResult(Measured(50, rig.Clock.GetUtcNow()));
        await foreach (var scorecard in rig.Feed.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (scorecard.IsComplete)
                break;
        }

        var sequence = rig.Latest.Sequence;
        await rig.UntilAsync(() => rig.Latest.Sequence >= sequence + 5);
        Assert.True(rig.Reader.ReadsOf("prometheus") >= 5);
    }

    [Fact]
    public async Task What_the_checker_has_to_say_stands_on_the_card()
    {
        await using var rig = new CollectorRig([Kpi()]);
        rig.Checker.Advice = rig.Checker.Advice.Add("response-time", ["No bucket bound lies at the target."]);
        await rig.Collector.StartAsync(CancellationToken.None);
        await rig.UntilAsync(() => rig.Latest.Sequence > 0 && !rig["response-time"].Advice.IsEmpty);
        Assert.Equal(["No bucket bound lies at the target."], rig["response-time"].Advice);
    }

    [Fact]
    public async Task A_tick_of_sixteen_KPIs_allocates_little()
    {
        await using var rig = new CollectorRig(Enumerable.Range(0, 16).Select(number => Kpi($"kpi-{number}")));
        await rig.RunAsync(TimeSpan.FromMinutes(10));

        var before = GC.GetAllocatedBytesForCurrentThread();
        await rig.RunAsync(TimeSpan.FromMinutes(10));
        var perTick = (GC.GetAllocatedBytesForCurrentThread() - before) / 120;

        Assert.InRange(perTick, 1, 150_000);
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_later()
    {
        var history = new FakeHistory { WriteFailure = new HistoryException("disk full", new IOException()) };
        await using var rig = new CollectorRig([Kpi()], history: history);
        await rig.Collector.StartAsync(CancellationToken.None);
        await rig.UntilAsync(() => rig.Latest.Sequence > 12);
        Assert.Empty(history.Minutes);

        history.WriteFailure = null;
        await rig.UntilAsync(() => history.Minutes.Count >= 2);

        Assert.Equal(HistoryMinute.Of(Noon), history.Minutes.Keys.Min(key => key.Minute));
    }
}
