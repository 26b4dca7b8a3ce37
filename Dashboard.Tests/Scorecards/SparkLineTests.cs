using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Web.Scorecards;

namespace Dashboard.Tests.Scorecards;

public sealed class SparkLineTests
{
    private static readonly KpiTarget Below = new(Comparison.LessThan, 100, 10);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_is_the_level_of_the_target_and_a_level_for_each_column()
    {
        var line = SparkLine.Encode(Series(i => 100 * i / 63.0), Below);

        Assert.Equal(SparkLine.Columns + 1, line.Length);
        Assert.Equal(line[0], line[^1]); // ends at the target
        Assert.True(Level(line, 1) > Level(line, 32) && Level(line, 32) > Level(line, 63), line);
    }

    [Fact]
    public void A_spike_between_two_columns_is_seen()
    {
        var calm = Series(_ => 10, count: 640);
        var spiked = new TimeSeries([.. calm.Samples.Select((s, i) => i == 333 ? s with { Value = 500 } : s)]);

        var line = SparkLine.Encode(spiked, Below);

        Assert.Contains(Enumerable.Range(1, 64), column => Level(line, column) < SparkLine.TargetLevel(line));
    }

    [Fact]
    public void A_gap_stays_a_gap()
    {
        var series = Series(_ => 50);
        var line = SparkLine.Encode(new TimeSeries([.. series.Samples.Where((_, i) => i is < 20 or > 40)]), Below);

        Assert.Contains("     ", line, StringComparison.Ordinal);
        Assert.Equal(2, SparkLine.LinePath(line).Count(c => c == 'M'));
        Assert.Equal(2, SparkLine.AreaPath(line).Count(c => c == 'z'));
    }

    [Fact]
    public void Without_samples_there_is_no_line()
    {
        Assert.Equal("", SparkLine.Encode(TimeSeries.Empty, Below));
        Assert.Equal("", SparkLine.Encode(new TimeSeries([new Sample(Start, 1)]), Below));
        Assert.Equal("", SparkLine.LinePath(""));
    }

    [Fact]
    public void A_flat_line_at_the_target_is_drawn_in_the_middle()
    {
        var line = SparkLine.Encode(Series(_ => 100), Below);

        Assert.InRange(SparkLine.TargetLevel(line), 25, 40);
    }

    [Fact]
    public void A_young_series_leaves_the_time_before_it_empty()
    {
        var line = SparkLine.Encode(Series(i => i), Below, TimeSpan.FromMinutes(126));

        Assert.Equal(new string(' ', 31), line[1..32]);
        Assert.DoesNotContain(' ', line[33..]);
    }

    [Fact]
    public void A_thinned_series_has_no_gaps_of_its_own()
    {
        var noisy = Downsample.MinMax(Series(i => 50 + (i * 7919 % 41), count: 360), 72);

        Assert.DoesNotContain(' ', SparkLine.Encode(noisy, Below));
    }

    [Fact]
    public void The_path_passes_through_every_level()
    {
        Assert.Equal("M0 0l1 1 1 1 1-2M5 3h0", SparkLine.LinePath("BABCA D"));
        Assert.Equal("M0 64V0l1 1 1 1 1-2V64zM5 64V3h0V64z", SparkLine.AreaPath("BABCA D"));
    }

    private static int Level(string line, int column) => SparkLine.Levels.IndexOf(line[column], StringComparison.Ordinal);

    private static TimeSeries Series(Func<int, double> value, int count = 64) =>
        new([.. Enumerable.Range(0, count).Select(i => new Sample(Start.AddMinutes(i), value(i)))]);
}
