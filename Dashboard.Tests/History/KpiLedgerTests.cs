using CsCheck;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.History;

public sealed class KpiLedgerTests
{
    [Fact]
    public void A_reading_counts_until_the_next_one()
    {
        var ledger = new KpiLedger(Noon);
        ledger.Take(50, attained: true, Noon, Noon.AddSeconds(15));
        ledger.Take(150, attained: false, Noon.AddSeconds(10), Noon.AddSeconds(25));
        ledger.Lose(Noon.AddSeconds(20));

        var day = ledger.Attainments(Noon.AddMinutes(1))[0];

        Assert.Equal("24h", day.Period);
        Assert.Equal(0.5, day.Share);
        Assert.Equal(20.0 / (24 * 3600), day.Coverage, 9);
    }

    [Fact]
    public void A_reading_that_nothing_follows_counts_only_as_long_as_it_proves_anything()
    {
        var ledger = new KpiLedger(Noon);
        ledger.Take(50, attained: true, Noon, Noon.AddSeconds(15));
        Assert.Equal(15.0 / ((24 * 3600) + 0), ledger.Attainments(Noon.AddHours(2))[0].Coverage, 9);
    }

    [Fact]
    public void Without_any_data_there_is_no_share()
    {
        var attainments = new KpiLedger(Noon).Attainments(Noon);
        Assert.Equal(["24h", "7d", "30d"], attainments.Select(each => each.Period));
        Assert.All(attainments, each => Assert.Equal((null, 0.0), (each.Share, each.Coverage)));
    }

    [Fact]
    public void What_was_met_leaves_the_period_to_the_minute()
    {
        var ledger = new KpiLedger(Noon);
        ledger.Take(50, attained: true, Noon, Noon.AddMinutes(1));
        ledger.Take(150, attained: false, Noon.AddMinutes(1), Noon.AddMinutes(3));

        Assert.Equal(1 / 3.0, ledger.Attainments(Noon.AddHours(24))[0].Share!.Value, 9);
        Assert.Equal(0, ledger.Attainments(Noon.AddHours(24).AddMinutes(1))[0].Share);
        Assert.Equal(1 / 3.0, ledger.Attainments(Noon.AddHours(24).AddMinutes(1))[1].Share!.Value, 9);
        Assert.Null(ledger.Attainments(Noon.AddHours(24).AddMinutes(3))[0].Share);
    }

    [Fact]
    public void Minutes_keep_the_last_the_smallest_and_the_largest_value()
    {
        var ledger = new KpiLedger(Noon);
        foreach (var (second, value) in new[] { (0, 30.0), (10, 90.0), (20, 10.0), (30, 40.0) })
            ledger.Take(value, attained: true, Noon.AddSeconds(second), Noon.AddSeconds(second + 15));
        ledger.Advance(Noon.AddMinutes(2));

        var minute = Assert.Single(ledger.TakeUnwritten());
        Assert.Equal(new HistoryMinute(HistoryMinute.Of(Noon), 40, 10, 90, 45_000, 45_000), minute);
        Assert.Empty(ledger.TakeUnwritten());
    }

    [Fact]
    public void Filling_the_past_never_touches_what_was_measured()
    {
        var ledger = new KpiLedger(Noon);
        ledger.Take(50, attained: true, Noon, Noon.AddMinutes(1));
        ledger.Advance(Noon.AddMinutes(5));
        var minute = HistoryMinute.Of(Noon);

        Assert.False(ledger.Fill(new HistoryMinute(minute, 900, 900, 900, 0, 60_000, Backfilled: true)));
        Assert.True(ledger.Fill(new HistoryMinute(minute - 1, 900, 900, 900, 0, 60_000, Backfilled: true)));
        Assert.Equal(0.5, ledger.Attainments(Noon.AddMinutes(5))[0].Share);
    }

    [Fact]
    public void Attainment_is_what_a_straightforward_count_gives() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 90_000_000], Gen.Int[1, 400_000], Gen.Bool).Array[1, 60].Sample(
            steps =>
            {
                var ledger = new KpiLedger(Noon);
                List<(long From, long Until, bool Attained)> spans = [];
                var at = Noon;
                foreach (var (kind, pause, proves, attained) in steps)
                {
                    // Mostly short pauses, sometimes most of a day: months are gone through in a few steps.
                    at += TimeSpan.FromMilliseconds(kind == 3 ? pause : pause % 20_000);
                    Cut(spans, at.ToUnixTimeMilliseconds());
                    if (kind == 2)
                    {
                        ledger.Lose(at);
                        continue;
                    }

                    ledger.Take(50, attained, at, at.AddMilliseconds(proves));
                    spans.Add((at.ToUnixTimeMilliseconds(), at.AddMilliseconds(proves).ToUnixTimeMilliseconds(), attained));
                }

                at += TimeSpan.FromSeconds(7);
                Cut(spans, at.ToUnixTimeMilliseconds());
                return ledger.Attainments(at).Zip(Straightforward(spans, at)).All(pair => Same(pair.First, pair.Second));
            },
            iter: 2_000);

    [Fact]
    public void A_ledger_restored_from_its_minutes_goes_on_as_if_nothing_had_happened()
    {
        var random = new Random(7);
        var whole = new KpiLedger(Noon);
        List<HistoryMinute> kept = [];
        var at = Noon;
        for (var i = 0; i < 5_000; i++, at = at.AddSeconds(5))
            whole.Take(random.Next(0, 200), random.Next(3) > 0, at, at.AddSeconds(15));
        whole.Advance(at);
        kept.AddRange(whole.TakeUnwritten());

        var restored = new KpiLedger(at);
        foreach (var minute in kept)
            restored.Restore(minute);
        foreach (var ledger in new[] { whole, restored })
        {
            ledger.Lose(at);
            ledger.Take(42, true, at, at.AddSeconds(15));
            ledger.Advance(at.AddSeconds(40));
        }

        Assert.Equal(whole.Attainments(at.AddHours(1)), restored.Attainments(at.AddHours(1)));
        Assert.Equal(whole.Recent.All().Samples, restored.Recent.All().Samples);
        Assert.Equal(whole.TakeUnwritten(), restored.TakeUnwritten());
        Assert.Equal(whole.Hours.Of(whole.Hours.Current - 1), restored.Hours.Of(restored.Hours.Current - 1));
    }

    private static void Cut(List<(long From, long Until, bool Attained)> spans, long at)
    {
        if (spans is [.., var last] && last.Until > at)
            spans[^1] = last with { Until = at };
    }

    private static IEnumerable<Attainment> Straightforward(List<(long From, long Until, bool Attained)> spans, DateTimeOffset now)
    {
        foreach (var (name, days) in new[] { ("24h", 1), ("7d", 7), ("30d", 30) })
        {
            var end = now.ToUnixTimeMilliseconds();
            var start = (HistoryMinute.Of(now) - (days * 1440L)) * 60_000;
            var data = spans.Sum(span => Math.Max(0, Math.Min(span.Until, end) - Math.Max(span.From, start)));
            var met = spans.Where(span => span.Attained).Sum(span => Math.Max(0, Math.Min(span.Until, end) - Math.Max(span.From, start)));
            yield return new Attainment(name, data == 0 ? null : met / (double)data, data / (double)(end - start));
        }
    }

    private static bool Same(Attainment one, Attainment other) =>
        one.Period == other.Period && Math.Abs(one.Coverage - other.Coverage) < 1e-9
        && one.Share.HasValue == other.Share.HasValue && Math.Abs((one.Share ?? 0) - (other.Share ?? 0)) < 1e-9;
}
