using Dashboard.Core.Collection;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Microsoft.Extensions.Time.Testing;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.Collection;

public sealed class RestartTests
{
    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly FakeHistory _history = new();

    [Fact]
    public async Task Since_when_and_how_much_of_the_time_outlive_a_restart()
    {
        await using (var before = await StartAsync())
        {
            before.Reader.Answer = (_, _) => Task.FromResult(Measured(500, _clock.GetUtcNow()));
            await before.RunAsync(TimeSpan.FromMinutes(10));
            before.Reader.Answer = null;
            await before.RunAsync(TimeSpan.FromMinutes(30));
            Assert.Equal((KpiStatus.Met, Noon.AddMinutes(10)), Seen(before));
        }

        _clock.Advance(TimeSpan.FromMinutes(3));
        await using var after = await StartAsync();
        Assert.Equal(0, after.Latest.Sequence);
        await after.TickAsync();

        Assert.Equal((KpiStatus.Met, Noon.AddMinutes(10)), Seen(after));
        var day = after["response-time"].Attainments[0];
        Assert.Equal(0.75, day.Share!.Value, 2);
        Assert.Equal(40 / 1_440.0, day.Coverage, 3);
        Assert.InRange(after["response-time"].Recent.Samples.Length, 38, KpiWatch.RecentPoints);
    }

    [Fact]
    public async Task A_status_that_changed_while_nobody_watched_began_when_it_was_first_seen()
    {
        await using (var before = await StartAsync())
            await before.RunAsync(TimeSpan.FromMinutes(5));
        _clock.Advance(TimeSpan.FromMinutes(3));
        await using var after = await StartAsync();
        var seen = _clock.GetUtcNow();
        after.Reader.Answer = (_, _) => Task.FromResult(Failed());
        await after.TickAsync();
        Assert.Equal((KpiStatus.SourceDown, seen), Seen(after));
    }

    [Fact]
    public async Task After_days_without_watching_nothing_is_claimed_of_them()
    {
        await using (var before = await StartAsync())
            await before.RunAsync(TimeSpan.FromMinutes(5));
        _clock.Advance(TimeSpan.FromDays(3));
        var back = _clock.GetUtcNow();
        await using (var after = await StartAsync())
        {
            await after.RunAsync(TimeSpan.FromMinutes(1));
            Assert.Equal((KpiStatus.Met, back), Seen(after));
        }

        await using var again = await StartAsync();
        await again.TickAsync();
        Assert.Equal((KpiStatus.Met, back), Seen(again));
    }

    [Fact]
    public async Task A_real_file_keeps_what_a_stopped_dashboard_knew()
    {
        var folder = Directory.CreateTempSubdirectory("history-").FullName;
        try
        {
            using (var history = new SqliteReadingHistory(new HistoryOptions { Path = Path.Combine(folder, "h.db") }))
            {
                await using var before = new CollectorRig([Kpi()], clock: _clock, history: history);
                await before.Collector.StartAsync(CancellationToken.None);
                await before.UntilAsync(() => _clock.GetUtcNow() > Noon.AddMinutes(4));
            }

            using var reopened = new SqliteReadingHistory(new HistoryOptions { Path = Path.Combine(folder, "h.db") });
            await using var after = new CollectorRig([Kpi()], clock: _clock, history: reopened);
            await after.Collector.StartAsync(CancellationToken.None);
            await after.UntilAsync(() => after.Latest.IsComplete);
            Assert.Equal(KpiStatus.Met, after["response-time"].Status);
            Assert.InRange(after["response-time"].Since, Noon, Noon.AddSeconds(10));
            Assert.Equal(1, after["response-time"].Attainments[0].Share);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (KpiStatus, DateTimeOffset) Seen(CollectorRig rig) => (rig["response-time"].Status, rig["response-time"].Since);

    /// <summary>A rig that has taken up the history; its ticks are given by the test.</summary>
    private async Task<CollectorRig> StartAsync()
    {
        var rig = new CollectorRig([Kpi()], clock: _clock, history: _history);
        await rig.Collector.RestoreAsync(CancellationToken.None);
        return rig;
    }
}
