using Dashboard.Core.Kpis;
using Dashboard.Web.Formatting;

namespace Dashboard.Tests.Formatting;

public sealed class ChangeTextTests
{
    [Fact]
    public void A_change_beyond_noise_is_marked_with_its_direction_and_judged()
    {
        var change = ChangeText.Of(new KpiChange(124, 0.379, Better: false, IsNoise: false), "ms", "the hour before");

        Assert.Equal(("▲ 38%", "worse"), (change.Text, change.Kind));
        Assert.Equal("Up 38% against the hour before (124 ms): worse.", change.Words);
    }

    [Fact]
    public void A_fall_of_what_should_be_low_is_better() =>
        Assert.Equal(("▼ 4.1%", "better"), Of(new KpiChange(100, -0.041, Better: true, IsNoise: false)));

    [Fact]
    public void Noise_is_told_but_not_marked() => Assert.Equal(("+0.4%", ""), Of(new KpiChange(100, 0.004, Better: false, IsNoise: true)));

    [Fact]
    public void No_change_is_neither_good_nor_bad() => Assert.Equal(("±0", ""), Of(new KpiChange(100, 0, Better: false, IsNoise: false)));

    [Fact]
    public void A_change_from_nothing_names_what_it_came_from() => Assert.Equal(("▲ from 0 ms", "worse"), Of(new KpiChange(0, null, Better: false, IsNoise: false)));

    [Fact]
    public void A_change_of_many_times_is_told_as_a_factor() => Assert.Equal(("▲ ×21", "worse"), Of(new KpiChange(10, 20, Better: false, IsNoise: false)));

    [Fact]
    public void Without_anything_to_compare_nothing_is_claimed() => Assert.Equal(("", ""), Of(null));

    private static (string Text, string Kind) Of(KpiChange? change)
    {
        var text = ChangeText.Of(change, "ms", "before");
        return (text.Text, text.Kind);
    }
}
