using Dashboard.Core.Kpis;
using Dashboard.Web.Formatting;

namespace Dashboard.Tests.Formatting;

public sealed class ChangeTextTests
{
    [Fact]
    public void A_change_beyond_noise_is_marked_with_its_direction_and_judged()
    {
        var change = ChangeText.Of(new KpiChange(124, 0.379, Better: false, IsNoise: false), 171, "ms", "the 5 min before");

        Assert.Equal(("▲ 38%", "worse"), (change.Text, change.Kind));
        Assert.Equal("Up 38% against the 5 min before (124 ms): worse.", change.Words);
    }

    [Fact]
    public void A_fall_of_what_should_be_low_is_better() =>
        Assert.Equal(("▼ 4.1%", "better"), Of(new KpiChange(100, -0.041, Better: true, IsNoise: false), 95.9));

    [Fact]
    public void Noise_is_told_but_not_marked() => Assert.Equal(("+0.4%", ""), Of(new KpiChange(100, 0.004, Better: false, IsNoise: true), 100.4));

    [Fact]
    public void No_change_is_neither_good_nor_bad() => Assert.Equal(("±0", ""), Of(new KpiChange(100, 0, Better: false, IsNoise: false), 100));

    [Fact]
    public void A_change_from_nothing_names_what_it_came_from() => Assert.Equal(("▲ from 0 ms", "worse"), Of(new KpiChange(0, null, Better: false, IsNoise: false), 3));

    [Fact]
    public void A_change_of_many_times_is_told_as_a_factor() => Assert.Equal(("▲ ×21", "worse"), Of(new KpiChange(10, 20, Better: false, IsNoise: false), 210));

    [Fact]
    public void Without_anything_to_compare_nothing_is_claimed()
    {
        Assert.Equal(("", ""), Of(null, 5));
        Assert.Equal(("", ""), Of(new KpiChange(1, 1, Better: true, IsNoise: false), null));
    }

    private static (string Text, string Kind) Of(KpiChange? change, double? now)
    {
        var text = ChangeText.Of(change, now, "ms", "before");
        return (text.Text, text.Kind);
    }
}
