using Dashboard.Core.Series;
using Dashboard.Core.Sources.Prometheus;

namespace Dashboard.Tests.Sources.Prometheus;

public sealed class RangePlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Moments_are_multiples_of_the_step_inside_the_range()
    {
        var plan = RangePlan.Of(new TimeRange(Noon.AddSeconds(1), Noon.AddSeconds(59)), TimeSpan.FromSeconds(10));

        Assert.Equal([(Noon.AddSeconds(10), Noon.AddSeconds(50))], plan.Parts);
    }

    [Fact]
    public void The_end_of_a_range_belongs_to_the_next_one()
    {
        var plan = RangePlan.Of(new TimeRange(Noon, Noon.AddMinutes(1)), TimeSpan.FromSeconds(15));

        Assert.Equal([(Noon, Noon.AddSeconds(45))], plan.Parts);
    }

    [Fact]
    public void A_range_without_a_multiple_of_the_step_asks_nothing() =>
        Assert.Empty(RangePlan.Of(new TimeRange(Noon.AddSeconds(1), Noon.AddSeconds(9)), TimeSpan.FromSeconds(10)).Parts);

    [Fact]
    public void No_part_has_more_points_than_the_server_gives_and_none_is_left_out()
    {
        var step = TimeSpan.FromSeconds(15);
        var plan = RangePlan.Of(TimeRange.Before(Noon, TimeSpan.FromDays(10)), step);

        Assert.Equal(step, plan.Step);
        Assert.Equal(Noon.AddDays(-10), plan.Parts[0].First);
        Assert.Equal(Noon - step, plan.Parts[^1].Last);
        Assert.All(plan.Parts, p => Assert.True((p.Last - p.First) / step <= 10_999));
        Assert.All(plan.Parts.Zip(plan.Parts.Skip(1)), pair => Assert.Equal(pair.First.Last + step, pair.Second.First));
    }

    [Fact]
    public void A_flood_of_points_is_thinned_to_a_multiple_of_the_step()
    {
        var plan = RangePlan.Of(TimeRange.Before(Noon, TimeSpan.FromDays(90)), TimeSpan.FromSeconds(15));

        Assert.Equal(TimeSpan.FromSeconds(90), plan.Step);
        Assert.True(plan.Parts.Length <= RangePlan.MostParts);
    }
}
