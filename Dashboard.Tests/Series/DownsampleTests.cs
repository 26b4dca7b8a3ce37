using CsCheck;
using Dashboard.Core.Series;

namespace Dashboard.Tests.Series;

public sealed class DownsampleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private static Gen<TimeSeries> AnySeries => Gen.Select(Gen.Int[1, 500], Gen.Double[-1e6, 1e6]).Array[0, 400].Select(steps =>
    {
        var at = Start;
        return new TimeSeries([.. steps.Select(step => new Sample(at += TimeSpan.FromSeconds(step.Item1), step.Item2))]);
    });

    [Fact]
    public void Extremes_the_order_and_the_last_sample_stay_and_nothing_is_made_up() =>
        Gen.Select(AnySeries, Gen.Int[3, 100]).Sample((series, most) =>
        {
            var thinned = Downsample.MinMax(series, most).Samples;
            if (series.IsEmpty)
                return thinned.IsEmpty;

            return thinned.Length <= most
                && thinned.Min(sample => sample.Value) == series.Samples.Min(sample => sample.Value)
                && thinned.Max(sample => sample.Value) == series.Samples.Max(sample => sample.Value)
                && thinned[^1] == series.Samples[^1]
                && thinned.All(series.Samples.Contains)
                && thinned.Zip(thinned.Skip(1)).All(pair => pair.First.At < pair.Second.At);
        });

    [Fact]
    public void A_short_series_stays_as_it_is()
    {
        var series = new TimeSeries([new Sample(Start, 1), new Sample(Start.AddSeconds(1), 2)]);
        Assert.Same(series, Downsample.MinMax(series, 3));
    }

    [Fact]
    public void A_single_peak_among_thousands_is_still_seen()
    {
        var series = new TimeSeries([.. Enumerable.Range(0, 10_000).Select(i => new Sample(Start.AddSeconds(i), i == 7_777 ? 900 : 1))]);
        Assert.Contains(new Sample(Start.AddSeconds(7_777), 900), Downsample.MinMax(series, 72).Samples);
    }

    [Fact]
    public void Where_there_was_nothing_there_still_is_nothing()
    {
        var samples = Enumerable.Range(0, 1_000).Where(i => i is < 300 or > 700).Select(i => new Sample(Start.AddSeconds(i), i % 7));
        var thinned = Downsample.MinMax(new TimeSeries([.. samples]), 72).Samples;
        Assert.Contains(thinned.Zip(thinned.Skip(1)), pair => pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(400));
    }
}
