using System.Collections.Immutable;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Kpis;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.5, 0.0625)]
    [InlineData(0.8, 0.1)]
    [InlineData(0.89, 0.15)]
    [InlineData(0.999, 0.2)]
    public void A_quantile_is_interpolated_as_Prometheus_does(double quantile, double value) =>
        Assert.Equal(value, Read(("0.05", 40), ("0.1", 80), ("0.2", 98), ("+Inf", 100))!.Quantile(quantile), 1e-9);

    [Fact]
    public void A_bucket_that_came_out_lower_than_the_one_below_is_levelled()
    {
        // As seen on a service in its first minutes.
        var histogram = Read(("0.05", 5.7184), ("0.075", 5.7126), ("0.1", 5.7128), ("+Inf", 5.7165))!;

        Assert.Equal(5.7184, histogram.Total);
        Assert.Equal(0.05, histogram.HighestInUse());
        Assert.Equal(1, histogram.ShareUpTo(0.1));
    }

    [Fact]
    public void A_difference_of_rounding_is_no_observation() => Assert.Equal(0.1, Read(("0.1", 0.3), ("1", 0.1 + 0.2), ("+Inf", 0.1 + 0.2))!.HighestInUse());

    [Fact]
    public void A_value_on_a_bound_lies_in_the_bucket_below() => Assert.Equal((0.05, 0.1), Read(("0.05", 1), ("0.1", 2), ("+Inf", 3))!.Around(0.1));

    [Fact]
    public void What_is_no_whole_histogram_is_none()
    {
        Assert.Null(Read());
        Assert.Null(Read(("+Inf", 5)));
        Assert.Null(Read(("0.1", 5), ("1", 6)));
        Assert.Null(Read(("0.1", 0), ("+Inf", 0)));
        Assert.Null(Read(("wide", 5), ("+Inf", 5)));
        Assert.Null(Read(("0.1", double.NaN), ("+Inf", 5)));
    }

    private static Histogram? Read(params (string Bound, double Cumulative)[] buckets) => Histogram.Of(
        [.. buckets.Select(b => new MetricSample(ImmutableDictionary<string, string>.Empty.Add("le", b.Bound), DateTimeOffset.UnixEpoch, b.Cumulative))]);
}
