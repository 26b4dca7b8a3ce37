using Dashboard.Core.Kpis;

namespace Dashboard.Tests.Kpis;

public sealed class TargetCheckerTests
{
    private readonly FakeSources _sources = new FakeSources().Healthy();

    public TargetCheckerTests() => _sources
        .Metric(q => q.StartsWith("max(count_over_time(", StringComparison.Ordinal), 60)
        .Metric(q => q.StartsWith("1000 * histogram_quantile(", StringComparison.Ordinal), 171)
        .Buckets(("0.05", 40), ("0.15", 94), ("0.3", 99.5), ("+Inf", 100));

    [Fact]
    public async Task A_target_at_a_bound_with_enough_requests_and_scrapes_needs_no_advice() =>
        Assert.Empty(await _sources.Checker(BuiltInKpis.All).CheckAsync(TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_target_between_two_bounds_is_told() => Assert.Equal(
        "The target of 200 ms lies between the histogram's bounds 150 and 300 ms: there the percentile is only estimated. Give the histogram a bound at the target.",
        await OnlyAdviceAsync(Percentile(target: 200)));

    [Fact]
    public async Task A_target_above_the_highest_bound_is_told() => Assert.Equal(
        "The target of 400 ms is above the histogram's highest bound, 300 ms: what lies above it is not told apart, so the target cannot be judged. Give the histogram a bound at the target.",
        await OnlyAdviceAsync(Percentile(target: 400)));

    [Fact]
    public async Task A_window_under_four_scrapes_is_told() => Assert.Equal(
        "The query looks back over 15 s, fewer than four scrapes (one every 5 s): give it 20 s or more.",
        await OnlyAdviceAsync(FakeSources.Kpi("error-rate-4xx") with { Window = TimeSpan.FromSeconds(15) }));

    [Fact]
    public async Task Reading_more_often_than_scraping_is_told()
    {
        _sources.Metric(q => q.StartsWith("max(count_over_time(", StringComparison.Ordinal), 10);

        Assert.Equal(
            "It is read every 5 s but scraped only every 30 s, so its readings turn stale in between: set its Interval to 30s.",
            await OnlyAdviceAsync(FakeSources.Kpi("error-rate-4xx")));
    }

    [Fact]
    public async Task Too_few_requests_for_a_percentile_are_told()
    {
        _sources.Metric(q => q.StartsWith("sum(increase(", StringComparison.Ordinal), 900);

        Assert.Equal("Only 900 observations in 5 min: a 99th percentile needs about 1,000.", await OnlyAdviceAsync(FakeSources.Kpi("response-time-p99")));
    }

    [Fact]
    public async Task A_metric_that_vanished_is_told_with_the_time_it_was_last_seen()
    {
        _sources.Metric(q => q.StartsWith("count(", StringComparison.Ordinal), [])
            .Metric(q => q.StartsWith("max(max_over_time(timestamp(", StringComparison.Ordinal), FakeSources.Start.AddHours(-2).ToUnixTimeSeconds());

        Assert.Equal("db_client_connection_max has vanished: Prometheus last had it at 2026-11-23 10:00 UTC.", await OnlyAdviceAsync(FakeSources.Kpi("db-connections")));
    }

    [Fact]
    public async Task While_Prometheus_fails_there_is_no_advice_and_no_exception()
    {
        _sources.Failure = new(new(SourceKind.Prometheus, Core.Sources.FailureKind.Unreachable, "Prometheus refused the connection.", ""));

        Assert.Empty(await _sources.Checker(BuiltInKpis.All).CheckAsync(TestContext.Current.CancellationToken));
    }

    private static KpiDefinition Percentile(double target) => FakeSources.Kpi("response-time-p95") with { Target = new(Comparison.LessThan, target, 10) };

    private async Task<string> OnlyAdviceAsync(KpiDefinition kpi) =>
        Assert.Single((await _sources.Checker([kpi]).CheckAsync(TestContext.Current.CancellationToken))[kpi.Id]);
}
