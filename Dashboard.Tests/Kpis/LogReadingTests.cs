using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Tests.Kpis;

public sealed class LogReadingTests
{
    private readonly FakeSources _sources = new();

    [Fact]
    public async Task The_timeout_rate_is_the_share_of_the_access_log()
    {
        _sources.Counts = range => new(range.Start, 3, 12_000, FakeSources.Start.AddSeconds(-1), "{\"size\":0}");

        var reading = await _sources.ReadAsync("timeout-rate");

        Assert.Equal(0.025, reading.Value!.Value, 1e-12);
        Assert.Equal((12_000, FakeSources.Start.AddSeconds(-1), "{\"size\":0}", Confidence.Exact), (reading.SampleCount, reading.MeasuredAt, reading.Query, reading.Confidence));
    }

    [Fact]
    public async Task Without_entries_there_is_no_value_rather_than_0()
    {
        var reading = await _sources.ReadAsync("timeout-rate");

        Assert.Null(reading.Value);
        Assert.Equal("No log entries in the last 5 min match event.dataset:access.", reading.NoValueReason);
    }

    [Fact]
    public async Task Failed_shards_make_it_partial()
    {
        _sources.Counts = range => new(range.Start, 0, 12_000, FakeSources.Start, "{}");
        _sources.Warnings = ["1 of 5 shards failed."];

        Assert.Equal(Confidence.Partial, (await _sources.ReadAsync("timeout-rate")).Confidence);
    }

    [Fact]
    public async Task Few_requests_are_said()
    {
        _sources.Counts = range => new(range.Start, 0, 800, FakeSources.Start, "{}");

        Assert.Equal("Only 800 observations in 5 min: a target of 0.01 % needs about 10,000 to be judged.", Assert.Single((await _sources.ReadAsync("timeout-rate")).Warnings));
    }

    [Fact]
    public async Task Each_point_of_the_past_is_over_the_window_before_it()
    {
        // One timeout among 100 requests in the minute from 11:30, 100 requests in every other minute.
        var incident = FakeSources.Start.AddMinutes(-30);
        _sources.Counts = range => new(range.Start, range.Start == incident ? 1 : 0, 100, range.End, "{}");

        var past = await _sources.Reader.PastAsync(
            FakeSources.Kpi("timeout-rate"), TimeRange.Before(FakeSources.Start, TimeSpan.FromHours(1)), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(61, past.Samples.Length);
        Assert.Equal(
            [incident.AddMinutes(1), incident.AddMinutes(2), incident.AddMinutes(3), incident.AddMinutes(4), incident.AddMinutes(5)],
            past.Samples.Where(s => s.Value > 0).Select(s => s.At));
        Assert.All(past.Samples.Where(s => s.Value > 0), s => Assert.Equal(0.2, s.Value, 1e-12));
    }

    [Fact]
    public async Task A_past_that_does_not_begin_on_a_whole_interval_is_told_all_the_same()
    {
        _sources.Counts = range => new(range.Start, 1, 100, range.End, "{}");
        var hour = TimeRange.Before(FakeSources.Start.AddMinutes(3), TimeSpan.FromHours(1));

        var past = await _sources.Reader.PastAsync(FakeSources.Kpi("timeout-rate"), hour, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        Assert.Equal(12, past.Samples.Length);
        Assert.All(past.Samples, s => Assert.Equal((0, 1.0), (s.At.Minute % 5, s.Value)));
    }

    [Fact]
    public async Task A_past_without_entries_is_a_gap()
    {
        _sources.Counts = range => new(range.Start, 0, range.Start < FakeSources.Start.AddMinutes(-30) ? 0 : 10, range.End, "{}");

        var past = await _sources.Reader.PastAsync(
            FakeSources.Kpi("timeout-rate"), TimeRange.Before(FakeSources.Start, TimeSpan.FromHours(1)), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(FakeSources.Start.AddMinutes(-29), past.Samples[0].At);
    }
}
