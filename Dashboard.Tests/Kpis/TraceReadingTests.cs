using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Kpis;

public sealed class TraceReadingTests
{
    private readonly FakeSources _sources = new FakeSources().Healthy();

    [Fact]
    public async Task The_slowest_request_is_told_with_its_trace()
    {
        _sources.Slowest = _ => Span(912, secondsAgo: 4);

        var reading = await _sources.ReadAsync("response-time-max");

        Assert.Equal((912, "4bf92f3577b34da6", Confidence.Exact, false), (reading.Value, reading.TraceId, reading.Confidence, reading.AtLeast));
        Assert.Equal("/api/traces?service=x", reading.Query);
    }

    [Fact]
    public async Task Where_traces_are_sampled_it_is_at_least_that_and_the_histogram_bounds_it()
    {
        _sources.Slowest = _ => Span(680, secondsAgo: 4, sampled: true);
        _sources.Buckets(("0.5", 10), ("0.75", 12), ("1", 12), ("+Inf", 12));

        var reading = await _sources.ReadAsync("response-time-max");

        Assert.True(reading.AtLeast);
        Assert.Equal(750, reading.UpperBound);
        Assert.Equal("traces are sampled: at least; by the histogram at most 750 ms", reading.ConfidenceDetail);
    }

    [Fact]
    public async Task Requests_in_the_open_top_bucket_leave_it_unbounded()
    {
        _sources.Slowest = _ => Span(680, secondsAgo: 4, sampled: true);
        _sources.Buckets(("0.5", 10), ("1", 12), ("+Inf", 13));

        var reading = await _sources.ReadAsync("response-time-max");

        Assert.Null(reading.UpperBound);
        Assert.Equal("traces are sampled: at least; the histogram has requests above its highest bound, 1,000 ms", reading.ConfidenceDetail);
    }

    [Fact]
    public async Task Without_traces_there_is_no_value()
    {
        var reading = await _sources.ReadAsync("response-time-max");

        Assert.Null(reading.Value);
        Assert.Equal("Jaeger has no traces of reconciliation-service in the last 5 min.", reading.NoValueReason);
    }

    [Fact]
    public async Task An_old_slowest_request_is_fresh_while_others_keep_coming()
    {
        _sources.Slowest = range => range.Length > TimeSpan.FromMinutes(1) ? Span(912, secondsAgo: 200) : Span(30, secondsAgo: 3);

        var reading = await _sources.ReadAsync("response-time-max");

        Assert.Equal(912, reading.Value);
        Assert.True(FakeSources.Start - reading.MeasuredAt < TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task When_traces_stop_the_value_is_as_old_as_the_last_of_them()
    {
        _sources.Slowest = range => range.Length > TimeSpan.FromMinutes(1) ? Span(1000, secondsAgo: 200) : null;

        Assert.Equal(FakeSources.Start.AddSeconds(-199), (await _sources.ReadAsync("response-time-max")).MeasuredAt);
    }

    [Fact]
    public async Task That_Prometheus_fails_does_not_take_the_trace_away()
    {
        var calls = new FakeSources { Slowest = _ => Span(680, secondsAgo: 4, sampled: true) };
        calls.Names = [];

        var reading = await calls.ReadAsync("response-time-max");

        Assert.Equal((680, "traces are sampled: at least"), (reading.Value, reading.ConfidenceDetail));
    }

    [Fact]
    public async Task Jaeger_s_failure_is_the_outcome()
    {
        _sources.Failure = new SourceException(new(SourceKind.Jaeger, FailureKind.TimedOut, "Jaeger did not answer within 5 s.", ""));

        Assert.Equal(FailureKind.TimedOut, (await _sources.FailAsync("response-time-max")).Kind);
    }

    [Fact]
    public async Task Traces_do_not_tell_the_past() => Assert.True(
        (await _sources.Reader.PastAsync(FakeSources.Kpi("response-time-max"), TimeRange.Before(FakeSources.Start, TimeSpan.FromHours(1)), TimeSpan.FromMinutes(1), default)).IsEmpty);

    private static SlowestSpan Span(double milliseconds, double secondsAgo, bool sampled = false) => new(
        "4bf92f3577b34da6", "GET /api/reconciliations/{id}", TimeSpan.FromMilliseconds(milliseconds), FakeSources.Start.AddSeconds(-secondsAgo), sampled, "/api/traces?service=x");
}
