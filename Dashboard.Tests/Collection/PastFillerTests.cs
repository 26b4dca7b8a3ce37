using System.Collections.Immutable;
using Dashboard.Core.Collection;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Time.Testing;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.Collection;

public sealed class PastFillerTests
{
    private static readonly CollectionOptions TwoDays = new() { Backfill = TimeSpan.FromDays(2) };

    [Fact]
    public async Task An_empty_history_is_filled_after_the_first_scorecard_newest_day_first()
    {
        await using var rig = new CollectorRig([Kpi()], TwoDays);
        rig.Reader.Past = (kpi, range, step) =>
        {
            Assert.True(rig.Latest.IsComplete);
            return Values(range, step, at => at < Noon.AddHours(-6) ? 50 : 500);
        };

        await rig.Collector.StartAsync(CancellationToken.None);
        await CollectorRig.SettledAsync(() => !rig.Reader.PastReads.IsEmpty);
        await rig.UntilAsync(() => rig.History.Minutes.Count > 2_880);

        Assert.Equal([(Noon.AddDays(-1), Noon), (Noon.AddDays(-2), Noon.AddDays(-1))], rig.Reader.PastReads.Select(read => (read.Range.Start.AddMinutes(1), read.Range.End)));
        var past = rig.History.Minutes.Values.Where(minute => minute.Start < Noon).ToList();
        Assert.Equal(2_880, past.Count);
        Assert.All(past, minute => Assert.Equal((minute.Start < Noon.AddHours(-6) ? 60_000 : 0, true), (minute.MetMilliseconds, minute.Backfilled)));
        Assert.InRange(rig["response-time"].Attainments[0].Coverage, 0.9, 1);
    }

    [Fact]
    public async Task What_is_known_is_not_asked_for_again_after_a_restart()
    {
        var clock = new FakeTimeProvider(Noon);
        var history = new FakeHistory();
        await using (var first = new CollectorRig([Kpi()], TwoDays, clock, history))
        {
            first.Reader.Past = (_, range, step) => Values(range, step, _ => 50);
            await first.Collector.StartAsync(CancellationToken.None);
            await first.UntilAsync(() => history.Minutes.Count > 2_880);
        }

        await using var second = new CollectorRig([Kpi()], TwoDays, clock, history);
        await second.Collector.StartAsync(CancellationToken.None);
        await second.UntilAsync(() => second.Latest.Sequence > 5);
        Assert.Empty(second.Reader.PastReads);
    }

    [Fact]
    public async Task The_time_in_which_the_dashboard_did_not_run_is_filled_and_nothing_else()
    {
        var clock = new FakeTimeProvider(Noon);
        var history = new FakeHistory();
        await using (var first = new CollectorRig([Kpi()], TwoDays, clock, history))
        {
            first.Reader.Past = (_, range, step) => Values(range, step, _ => 50);
            await first.Collector.StartAsync(CancellationToken.None);
            await first.UntilAsync(() => history.Minutes.Count > 2_880);
        }

        var stopped = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromHours(3));
        await using var second = new CollectorRig([Kpi()], TwoDays, clock, history);
        await second.Collector.StartAsync(CancellationToken.None);
        await CollectorRig.SettledAsync(() => !second.Reader.PastReads.IsEmpty);
        var read = Assert.Single(second.Reader.PastReads);
        Assert.InRange(read.Range.Start, stopped.AddMinutes(-2), stopped.AddMinutes(2));
        Assert.InRange(read.Range.End, stopped.AddHours(3).AddMinutes(-1), stopped.AddHours(3));
    }

    [Fact]
    public async Task A_source_that_fails_is_asked_again_later_and_keeps_no_other_waiting()
    {
        await using var rig = new CollectorRig([Kpi("metrics"), Kpi("rows", SourceKind.Postgres)], TwoDays);
        var fails = true;
        rig.Reader.Past = (kpi, range, step) => fails && kpi.Id == "metrics" ? throw new SourceException(Failure()) : Values(range, step, _ => 50);
        await rig.Collector.StartAsync(CancellationToken.None);
        await rig.UntilAsync(() => rig.History.Minutes.Keys.Count(key => key.Kpi == "rows") > 2_800);
        Assert.Single(rig.Reader.PastReads, read => read.Kpi == "metrics");

        fails = false;
        await rig.UntilAsync(() => rig.History.Minutes.Keys.Count(key => key.Kpi == "metrics") > 2_800);
    }

    [Fact]
    public async Task A_status_that_lasted_through_the_past_holds_since_then()
    {
        await using var rig = new CollectorRig([Kpi()], TwoDays);
        rig.Reader.Past = (_, range, step) => Values(range, step, at => at < Noon.AddHours(-30) ? 500 : 50);
        await rig.Collector.StartAsync(CancellationToken.None);
        await CollectorRig.SettledAsync(() => !rig.Reader.PastReads.IsEmpty);
        await rig.UntilAsync(() => rig["response-time"].Since < Noon);
        Assert.Equal(Noon.AddHours(-30), rig["response-time"].Since);
    }

    [Fact]
    public async Task A_service_that_had_to_warm_up_on_the_first_start_has_no_break_in_its_status()
    {
        var clock = new FakeTimeProvider(Noon);
        var history = new FakeHistory();
        await using (var rig = new CollectorRig([Kpi()], TwoDays, clock, history))
        {
            rig.Reader.Past = (_, range, step) => Values(range, step, at => at < Noon.AddHours(-30) ? 500 : 50);
            rig.Reader.Answer = (_, _) => Task.FromResult(Measured(clock.GetUtcNow() < Noon.AddSeconds(30) ? null : 50, clock.GetUtcNow()));
            await rig.Collector.StartAsync(CancellationToken.None);
            await CollectorRig.SettledAsync(() => !rig.Reader.PastReads.IsEmpty);
            await rig.UntilAsync(() => rig["response-time"].Status is KpiStatus.Met && rig["response-time"].Since < Noon);
            Assert.Equal(Noon.AddHours(-30), rig["response-time"].Since);
        }

        await using var again = new CollectorRig([Kpi()], TwoDays, clock, history);
        await again.Collector.StartAsync(CancellationToken.None);
        await again.UntilAsync(() => again.Latest.IsComplete);
        Assert.Equal(Noon.AddHours(-30), again["response-time"].Since);
    }

    [Fact]
    public void A_sample_holds_for_one_step_and_not_longer()
    {
        var series = new TimeSeries([new Sample(Noon, 50), new Sample(Noon.AddMinutes(5), 500), new Sample(Noon.AddMinutes(30), 50)]);
        var minute = HistoryMinute.Of(Noon);

        var minutes = PastFiller.MinutesOf(Kpi(), series, 5, minute, minute + 60).ToList();

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30, 31, 32, 33, 34], minutes.Select(each => each.Minute - minute));
        Assert.Equal(10, minutes.Count(each => each.MetMilliseconds == 60_000));
    }

    [Fact]
    public void Gaps_become_questions_of_a_day_at_most_and_the_smallest_are_left()
    {
        ImmutableArray<(long, long)> gaps = [(0, 2), (10, 13), (100, 100 + 3_000)];
        Assert.Equal([(1_660, 3_100), (220, 1_660), (100, 220), (10, 13)], PastFiller.Questions(gaps, 1));
    }

    private static TimeSeries Values(TimeRange range, TimeSpan step, Func<DateTimeOffset, double> value)
    {
        var samples = ImmutableArray.CreateBuilder<Sample>();
        for (var at = range.Start; at < range.End; at += step)
            samples.Add(new Sample(at, value(at)));
        return new TimeSeries(samples.DrainToImmutable());
    }
}
