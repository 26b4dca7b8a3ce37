using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.History;

public sealed class KpiChangesTests
{
    private static readonly KpiDefinition Short = Kpi();
    private static readonly KpiDefinition Daily = Kpi("daily", window: TimeSpan.FromHours(24));

    [Fact]
    public void The_last_hour_is_held_against_the_hour_before()
    {
        var ledger = Past(age => age <= 60 ? 60 : 40);

        var change = KpiChanges.AgainstPrevious(Short, 60, ledger);

        Assert.Equal(new KpiChange(40, 0.5, Better: false, IsNoise: false), change);
    }

    [Fact]
    public void The_last_hour_is_held_against_the_same_hour_a_week_ago()
    {
        var ledger = Past(age => age is > 10_080 and <= 10_140 ? 80 : 40);
        var change = KpiChanges.AgainstLastWeek(Short, 40, ledger);
        Assert.Equal((80, -0.5, true), (change!.Before, change.Ratio, change.Better));
    }

    [Fact]
    public void A_week_ago_between_two_hours_is_weighted_by_what_each_covers()
    {
        var later = Noon.AddMinutes(15);
        var ledger = new KpiLedger(later);
        for (var minute = HistoryMinute.Of(Noon) - 12_000; minute < HistoryMinute.Of(later); minute++)
        {
            var ago = HistoryMinute.Of(later) - minute;
            var value = ago > 10_080 + 15 ? 40 : ago > 10_080 - 45 ? 80 : 60;
            ledger.Restore(new HistoryMinute(minute, value, value, value, 60_000, 60_000));
        }

        Assert.Equal((40 * 0.75) + (80 * 0.25), KpiChanges.AgainstLastWeek(Short, 60, ledger)!.Before, 9);
    }

    [Fact]
    public void A_long_window_is_held_against_itself_one_window_ago()
    {
        var ledger = Past(age => age > 1_380 ? 90 : 70);
        var change = KpiChanges.AgainstPrevious(Daily, 70, ledger);
        Assert.Equal((90, true), (change!.Before, change.Better));
    }

    [Fact]
    public void Where_there_is_no_past_there_is_nothing_to_compare()
    {
        var ledger = new KpiLedger(Noon);
        Assert.Null(KpiChanges.AgainstPrevious(Short, 50, ledger));
        Assert.Null(KpiChanges.AgainstLastWeek(Short, 50, ledger));
        Assert.Null(KpiChanges.AgainstPrevious(Daily, 50, ledger));
    }

    [Fact]
    public void A_change_from_nothing_has_no_ratio() => Assert.Null(KpiChanges.AgainstPrevious(Short, 10, Past(age => age <= 60 ? 10 : 0))!.Ratio);

    [Fact]
    public void The_ordinary_up_and_down_is_noise_and_a_jump_out_of_it_is_not()
    {
        Assert.True(KpiChanges.AgainstPrevious(Short, 0, Past(Wave))!.IsNoise);
        Assert.False(KpiChanges.AgainstPrevious(Short, 0, Past(age => Wave(age) + (age <= 60 ? 40 : 0)))!.IsNoise);

        static double Wave(long age) => 50 + (age / 60 % 2 * 3) + (age / 60 % 3);
    }

    [Fact]
    public void One_bad_day_does_not_make_every_change_ordinary()
    {
        var calm = KpiChanges.Ordinary(Past(Wave).Hours, 1);
        var incident = KpiChanges.Ordinary(Past(age => Wave(age) + (age is > 3_000 and < 3_300 ? 5_000 : 0)).Hours, 1);
        Assert.InRange(incident!.Value, calm!.Value, calm.Value * 2);

        static double Wave(long age) => 50 + (age / 60 * 7_919 % 101 / 10.0);
    }

    [Fact]
    public void A_change_too_small_to_matter_is_never_marked() =>
        Assert.True(KpiChanges.AgainstPrevious(Short, 0, Past(age => age <= 60 ? 50.05 : 50))!.IsNoise);

    /// <summary>Two weeks of minutes before noon; the value by its age in minutes, from 1.</summary>
    private static KpiLedger Past(Func<long, double> value)
    {
        var ledger = new KpiLedger(Noon);
        var now = HistoryMinute.Of(Noon);
        for (var age = 14 * 1_440L; age >= 1; age--)
            ledger.Restore(new HistoryMinute(now - age, value(age), value(age), value(age), 60_000, 60_000));
        return ledger;
    }
}
