using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Kpis;

public sealed class MetricReadingTests
{
    private static readonly (string, double)[] Usual =
        [("0.05", 40), ("0.1", 80), ("0.15", 94), ("0.3", 99.5), ("1", 100), ("+Inf", 100)];

    private readonly FakeSources _sources = new FakeSources().Healthy();

    [Fact]
    public async Task A_value_comes_with_its_proof()
    {
        var reading = await _sources.Metric(Rate("4.."), 0.62).ReadAsync("error-rate-4xx");

        Assert.Equal(0.62, reading.Value);
        Assert.Equal(Confidence.Exact, reading.Confidence);
        Assert.Equal(12_000, reading.SampleCount);
        Assert.Equal(1, reading.Coverage);
        Assert.Equal(FakeSources.Start.AddSeconds(-2), reading.MeasuredAt);
        Assert.Empty(reading.Warnings);
        Assert.Contains(reading.Query, _sources.Asked);
        Assert.Equal(
            "100 * (sum(rate(http_server_request_duration_seconds_count{job=\"reconciliation-api\",http_response_status_code=~\"4..\"}[5m]))"
            + " or 0 * sum(rate(http_server_request_duration_seconds_count{job=\"reconciliation-api\",http_response_status_code!=\"\"}[5m])))"
            + " / (sum(rate(http_server_request_duration_seconds_count{job=\"reconciliation-api\"}[5m])) > 0)",
            reading.Query);
    }

    [Fact]
    public async Task A_percentile_tells_its_bucket_and_the_exact_share_under_the_target()
    {
        var reading = await _sources.Buckets(Usual).Metric(Percentile, 171).ReadAsync("response-time-p95");

        Assert.Equal((Confidence.Estimated, "p95 in (150, 300] ms"), (reading.Confidence, reading.ConfidenceDetail));
        Assert.Equal(0.94, reading.ShareUnderTarget!.Value, 1e-9);
        Assert.False(reading.AtLeast);
    }

    [Fact]
    public async Task Without_a_bound_at_the_target_no_share_is_claimed()
    {
        var reading = await _sources.Buckets(("0.1", 80), ("0.25", 96), ("+Inf", 100)).Metric(Percentile, 240).ReadAsync("response-time-p95");

        Assert.Null(reading.ShareUnderTarget);
        Assert.Equal("p95 in (100, 250] ms", reading.ConfidenceDetail);
    }

    [Fact]
    public async Task A_percentile_in_the_open_top_bucket_is_at_least_its_bound()
    {
        var reading = await _sources.Buckets(("0.1", 50), ("0.2", 60), ("+Inf", 100)).Metric(Percentile, 200).ReadAsync("response-time-p95");

        Assert.Equal(Confidence.Clamped, reading.Confidence);
        Assert.True(reading.AtLeast);
        Assert.Equal("p95 is above 200 ms, the histogram's highest bound: at least that", reading.ConfidenceDetail);
    }

    [Fact]
    public async Task Too_few_requests_for_a_percentile_are_said()
    {
        var reading = await _sources.Healthy(requests: 240).Buckets(Usual).Metric(Percentile, 171).ReadAsync("response-time-p99");

        Assert.Equal("Only 240 observations in 5 min: a 99th percentile needs about 1,000.", Assert.Single(reading.Warnings));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(null)]
    public async Task Without_requests_a_rate_has_no_value_rather_than_0(double? value)
    {
        var reading = await _sources.Healthy(requests: 0).Metric(Rate("5.."), value is { } v ? [v] : []).ReadAsync("error-rate-5xx");

        Assert.Null(reading.Value);
        Assert.Equal("There were no requests in the last 5 min.", reading.NoValueReason);
    }

    [Fact]
    public async Task Requests_without_the_label_that_tells_failures_are_not_taken_for_good()
    {
        var reading = await _sources.Metric(Rate("5.."), []).ReadAsync("error-rate-5xx");

        Assert.Null(reading.Value);
        Assert.Equal(
            "The query gave no result for 12,000 requests: see whether http_server_request_duration_seconds_count{job=\"reconciliation-api\"} carries the labels that it names.",
            reading.NoValueReason);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task An_infinite_value_is_none(double value)
    {
        var reading = await _sources.Metric(Rate("5.."), value).ReadAsync("error-rate-5xx");

        Assert.Null(reading.Value);
        Assert.Equal("Prometheus answered with an infinite value: the query divided by zero.", reading.NoValueReason);
    }

    [Fact]
    public async Task A_service_that_cannot_be_scraped_is_said()
    {
        var reading = await _sources.Metric(Any("count("), []).Metric(Any("up{"), 0, 0).ReadAsync("error-rate");

        Assert.Equal("Prometheus cannot scrape the service: up{job=\"reconciliation-api\"} is 0. Check that the service runs and answers at its metrics path.", reading.NoValueReason);
    }

    [Fact]
    public async Task A_service_that_is_not_scraped_at_all_is_said()
    {
        var reading = await _sources.Metric(Any("count("), []).Metric(Any("up{"), []).ReadAsync("error-rate");

        Assert.Equal("Prometheus scrapes no target with job=\"reconciliation-api\": check its scrape configuration and Metrics:Selector.", reading.NoValueReason);
    }

    [Fact]
    public async Task A_metric_that_is_not_there_is_named()
    {
        var reading = await _sources.Metric(Any("count("), []).ReadAsync("db-connections");

        Assert.Equal("Prometheus has no metric db_client_connection_max, although it scrapes the service. Check Metrics:Dialect, or the KPI's Query.", reading.NoValueReason);
    }

    [Fact]
    public async Task A_metric_of_another_job_is_told_apart()
    {
        var reading = await _sources.Metric(Any("count("), []).Metric(q => q is "count(db_client_connection_max)", 1).ReadAsync("db-connections");

        Assert.Equal("Prometheus has db_client_connection_max, but not for job=\"reconciliation-api\": check Metrics:Selector.", reading.NoValueReason);
    }

    [Fact]
    public async Task Without_a_known_dialect_the_names_looked_for_are_told()
    {
        _sources.Names = ["up"];

        var reading = await _sources.ReadAsync("error-rate");

        Assert.Null(reading.Value);
        Assert.StartsWith("Prometheus has no request metrics under any known name (http_server_request_duration_seconds_count, ", reading.NoValueReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_results_are_not_understood_and_how_to_mend_it_is_said()
    {
        var failure = await _sources.Metric(Rate("5.."), 1, 2).FailAsync("error-rate-5xx");

        Assert.Equal(
            new SourceFailure(SourceKind.Prometheus, FailureKind.NotUnderstood, "The query gave 2 results where one is expected.",
                "Bring them together in the query, for example by sum(…) or max(…)."),
            failure);
    }

    [Fact]
    public async Task A_partial_answer_is_passed_on_with_its_warning()
    {
        _sources.Warnings = ["store-2 did not answer."];

        var reading = await _sources.Buckets(Usual).Metric(Percentile, 171).ReadAsync("response-time-p95");

        Assert.Equal(Confidence.Partial, reading.Confidence);
        Assert.Equal("partial: Prometheus says \"store-2 did not answer.\"; p95 in (150, 300] ms", reading.ConfidenceDetail);
        Assert.Contains("store-2 did not answer.", reading.Warnings);
    }

    [Fact]
    public async Task The_age_is_that_of_the_newest_sample_whatever_the_value_says()
    {
        var reading = await _sources.Healthy(age: 140).Metric(Rate("5.."), 0).ReadAsync("error-rate-5xx");

        Assert.Equal(FakeSources.Start.AddSeconds(-140), reading.MeasuredAt);
    }

    [Fact]
    public async Task A_value_without_any_sample_behind_it_is_taken_for_as_old_as_its_window()
    {
        var reading = await _sources.Metric(Any("max(timestamp("), []).Metric(Rate("5.."), 0).ReadAsync("error-rate-5xx");

        Assert.Equal(FakeSources.Start.AddMinutes(-5), reading.MeasuredAt);
    }

    [Fact]
    public async Task A_clock_that_is_a_little_off_is_remarked_and_does_not_change_the_age()
    {
        _sources.Skew = TimeSpan.FromSeconds(12);

        var reading = await _sources.Healthy(age: -10).Metric(Rate("5.."), 0).ReadAsync("error-rate-5xx");

        Assert.Equal(["Prometheus's clock is 12 s ahead of ours."], reading.Warnings);
        Assert.Null(reading.FreshnessProblem);
        Assert.Equal(FakeSources.Start.AddSeconds(-2), reading.MeasuredAt);
    }

    [Theory]
    [InlineData(45, "Prometheus's clock is 45 s ahead of ours, so nothing proves how old its data is. Set both clocks by a time server.")]
    [InlineData(-45, "Prometheus's clock is 45 s behind ours, so nothing proves how old its data is. Set both clocks by a time server.")]
    public async Task A_clock_that_is_far_off_leaves_the_freshness_unproven(int seconds, string problem)
    {
        _sources.Skew = TimeSpan.FromSeconds(seconds);

        Assert.Equal(problem, (await _sources.Metric(Rate("5.."), 0).ReadAsync("error-rate-5xx")).FreshnessProblem);
    }

    [Fact]
    public async Task Prometheus_s_failure_is_the_outcome()
    {
        var failure = new SourceFailure(SourceKind.Prometheus, FailureKind.Unreachable, "Prometheus refused the connection.", "Start it.");
        _sources.Failure = new SourceException(failure);

        Assert.Equal(failure, await _sources.FailAsync("error-rate"));
    }

    [Fact]
    public async Task What_several_KPIs_need_is_asked_once_a_round()
    {
        await Task.WhenAll(BuiltInKpis.All.Where(k => k.Query.Source is SourceKind.Prometheus).Select(k => _sources.Reader.ReadAsync(k, TestContext.Current.CancellationToken)));

        var shared = _sources.Asked.Where(q => !q.Contains("[30d", StringComparison.Ordinal)).ToList();
        Assert.Single(shared, q => q.StartsWith("sum by (le)", StringComparison.Ordinal));
        Assert.Single(shared, q => q.StartsWith("sum(increase(", StringComparison.Ordinal));
        Assert.Equal(4, shared.Count(q => q.StartsWith("max(timestamp(", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_next_round_asks_anew()
    {
        await _sources.ReadAsync("error-rate");
        var once = _sources.Asked.Count;
        _sources.Clock.Advance(TimeSpan.FromSeconds(5));
        await _sources.ReadAsync("error-rate");

        Assert.True(_sources.Asked.Count(q => q.StartsWith("max(timestamp(", StringComparison.Ordinal)) is 2, string.Join('\n', _sources.Asked.Skip(once)));
    }

    [Fact]
    public async Task A_custom_query_s_age_is_that_of_the_series_it_selects()
    {
        var kpi = FakeSources.Kpi("error-rate") with { Query = new KpiQuery.PromQl("max(queue_length{app=\"x\"}) / scalar(workers)"), LeastSamples = 0 };

        await _sources.Metric(q => q.StartsWith("max(queue", StringComparison.Ordinal), 7).ReadAsync(kpi);

        Assert.Contains(
            "max(timestamp(queue_length{app=\"x\"}) or timestamp(workers)) or max(max_over_time((timestamp(queue_length{app=\"x\"}) or timestamp(workers))[5m:15s]))", _sources.Asked);
    }

    private static Func<string, bool> Rate(string status) => q => q.StartsWith("100 * (sum(rate(", StringComparison.Ordinal) && q.Contains($"\"{status}\"", StringComparison.Ordinal);

    private static Func<string, bool> Any(string start) => q => q.StartsWith(start, StringComparison.Ordinal);

    private static bool Percentile(string query) => query.StartsWith("1000 * histogram_quantile(", StringComparison.Ordinal);
}
