using System.Collections.Immutable;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Core.Kpis;

/// <summary>The sixteen KPIs of the monitoring strategy, in its order, with its targets.</summary>
public static class BuiltInKpis
{
    public const string ResponseTime = "Response time";
    public const string Throughput = "Throughput";
    public const string Errors = "Errors";
    public const string Business = "Business";

    private const string AllRequests = "sum(rate($requests{$selector}[$window]))";

    // No error is only proven by requests whose series carry a status: where that label has another name, nothing matches "5.." either, and 0 would be a lie.
    private const string None = "0 * sum(rate($requests{$selector,$status!=\"\"}[$window]))";
    private const string RequestCount = "sum(increase($requests{$selector}[$window]))";
    private const string NewestRequest = "$requests{$selector}";
    private const string Timing = "$duration_count{$selector}";
    private const string TimedCount = "sum(increase($duration_count{$selector}[$window]))";
    private const string Buckets = "sum by (le) (rate($duration_bucket{$selector}[$window]))";

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>The catalogue as it is without any settings.</summary>
    public static ImmutableArray<KpiDefinition> All { get; } = With(new ReadingIntervals(), new MetricSettings());

    /// <summary>The catalogue with the given reading intervals and the configured expression for concurrent users.</summary>
    public static ImmutableArray<KpiDefinition> With(ReadingIntervals intervals, MetricSettings metrics)
    {
        return
        [
            Kpi("response-time-avg", "Average response time", "Average", ResponseTime, "ms", Comparison.LessThan, 50, Minutes,
                Metric("1000 * sum(rate($duration_sum{$selector}[$window])) / (sum(rate($duration_count{$selector}[$window])) > 0)", TimedCount, Timing),
                "The mean time the service took to answer a request: all the time spent, divided by the number of requests.", "Service team", 30),
            Kpi("response-time-p95", "95th percentile response time", "95th percentile", ResponseTime, "ms", Comparison.LessThan, 150, Minutes,
                Percentile("0.95", 0.95), "95 of 100 requests were answered at least this fast.", "Service team", 200),
            Kpi("response-time-p99", "99th percentile response time", "99th percentile", ResponseTime, "ms", Comparison.LessThan, 300, Minutes,
                Percentile("0.99", 0.99), "99 of 100 requests were answered at least this fast.", "Service team", 1000),
            Kpi("response-time-max", "Maximum response time", "Maximum", ResponseTime, "ms", Comparison.LessThan, 1000, Minutes,
                new KpiQuery.SlowestTrace(Service: null, Buckets: "sum by (le) (rate($duration_bucket{$selector}[$window]))"),
                "The slowest single request, as its trace shows it. A histogram cannot know this.", "Service team", 0),
            Kpi("requests-per-second", "Requests per second", "Requests per second", Throughput, "RPS", Comparison.GreaterThan, 2000, Minutes,
                Metric(AllRequests, RequestCount, NewestRequest), "Requests answered per second, by all instances together.", "Platform team", 0),
            Kpi("concurrent-users", "Concurrent users", "Concurrent users", Throughput, "users", Comparison.GreaterThan, 1000, Minutes,
                ConcurrentUsers(metrics), "Users with a session at the same time, on average over the window, on all instances together.", "Platform team", 0),
            Kpi("db-connections", "Database connections", "Database connections", Throughput, "%", Comparison.LessThan, 40, Minutes,
                Metric("max(avg_over_time(($pool_usage)[$window:$resolution]))", null, "$pool_series"),
                "The share of the connection pool in use, on average over the window, in the pool that is used most.", "Platform team", 0),
            Kpi("memory-usage", "Memory usage", "Memory", Throughput, "MB", Comparison.LessThan, 128, Minutes,
                Metric("max(max_over_time(($memory_bytes)[$window:$resolution])) / 1048576", null, "$memory_series"),
                "The memory of the instance that uses most, at its highest in the window. One MB is 2^20 bytes.", "Platform team", 0),
            Kpi("error-rate", "Error rate", "Error rate", Errors, "%", Comparison.LessThan, 0.1, Minutes,
                Metric("100 * (sum($failed) or " + None + ") / (" + AllRequests + " > 0)", RequestCount, NewestRequest),
                "The share of requests that the service failed: 5xx, timeouts and those that broke off with an error. The clients' own mistakes (4xx) do not count.",
                "Service team", 1000),
            Kpi("error-rate-4xx", "4xx error rate", "4xx error rate", Errors, "%", Comparison.LessThan, 1, Minutes,
                StatusShare("4.."), "The share of requests that were answered with a 4xx status: mistakes of the clients, or of those who wrote them.", "Service team", 100),
            Kpi("error-rate-5xx", "5xx error rate", "5xx error rate", Errors, "%", Comparison.LessThan, 0.01, Minutes,
                StatusShare("5.."), "The share of requests that were answered with a 5xx status.", "Service team", 10_000),
            Kpi("timeout-rate", "Timeout rate", "Timeout rate", Errors, "%", Comparison.LessThan, 0.01, Minutes,
                new KpiQuery.LogShare("event.dataset:access AND error.type:timeout", "event.dataset:access"),
                "The share of requests that the service gave up on, as its access log tells.", "Service team", 10_000),
            Kpi("user-satisfaction", "User satisfaction", "User satisfaction", Business, "of 5", Comparison.GreaterThan, 4.5, Month,
                new KpiQuery.Sql(BuiltInStatements.UserSatisfaction), "The mean of the scores from 1 to 5 that users gave.", "Product", 30),
            Kpi("task-completion", "Task completion rate", "Task completion", Business, "%", Comparison.GreaterThan, 95, Day,
                new KpiQuery.Sql(BuiltInStatements.TaskCompletion), "The share of the tasks created in the window that are completed.", "Product", 100),
            Kpi("availability", "System availability", "System availability", Business, "%", Comparison.GreaterThan, 99.9, Month,
                Metric("100 * (1 - (sum(rate($requests{$selector,$status=~\"5..\"}[$window])) or " + None + ") / (" + AllRequests + " > 0))", RequestCount, NewestRequest),
                "The share of requests that were not answered with a 5xx status.", "Operations", 1000),
            Kpi("data-accuracy", "Data accuracy", "Data accuracy", Business, "%", Comparison.GreaterThan, 99.5, Day,
                new KpiQuery.Sql(BuiltInStatements.DataAccuracy), "The share of the ledger entries compared by completed reconciliation runs that matched.", "Reconciliation analysts", 1),
        ];

        KpiDefinition Kpi(
            string id, string name, string shortName, string group, string unit, Comparison comparison, double target, TimeSpan window, KpiQuery query,
            string description, string owner, int leastSamples) => new()
            {
                Id = id,
                Name = name,
                ShortName = shortName,
                Group = group,
                Unit = unit,
                Target = new KpiTarget(comparison, target, KpiMargin.Default(comparison, target, unit)),
                Query = query,
                Window = window,
                Interval = intervals.For(query.Source, window),
                Description = description,
                Owner = owner,
                LeastSamples = leastSamples,
            };
    }

    private static KpiQuery.PromQl Metric(string expression, string? samples, string freshness) => new(expression, Samples: samples, Freshness: freshness);

    private static KpiQuery.PromQl Percentile(string written, double quantile) =>
        new($"1000 * histogram_quantile({written}, {Buckets})", quantile, TimedCount, Timing);

    private static KpiQuery.PromQl StatusShare(string status) => Metric(
        "100 * (sum(rate($requests{$selector,$status=~\"" + status + "\"}[$window])) or " + None + ") / (" + AllRequests + " > 0)", RequestCount, NewestRequest);

    // Summed at each moment and only then averaged: an instance that was replaced within the window is not counted beside its successor.
    private static KpiQuery.PromQl ConcurrentUsers(MetricSettings metrics) => metrics.ConcurrentUsers is { } expression
        ? new($"avg_over_time(({expression})[$window:$resolution])")
        : Metric("avg_over_time(sum($users{$selector})[$window:$resolution])", null, "$users{$selector}");
}
