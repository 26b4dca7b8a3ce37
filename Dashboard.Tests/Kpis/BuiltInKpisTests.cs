using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Tests.Kpis;

public sealed class BuiltInKpisTests
{
    [Fact]
    public void The_catalogue_is_the_strategy_s_table_in_its_order() => Assert.Equal(
        """
        response-time-avg | Average response time | < 50 ms | prometheus | 5m
        response-time-p95 | 95th percentile response time | < 150 ms | prometheus | 5m
        response-time-p99 | 99th percentile response time | < 300 ms | prometheus | 5m
        response-time-max | Maximum response time | < 1000 ms | jaeger | 5m
        requests-per-second | Requests per second | > 2000 RPS | prometheus | 5m
        concurrent-users | Concurrent users | > 1000 users | prometheus | 5m
        db-connections | Database connections | < 40 % | prometheus | 5m
        memory-usage | Memory usage | < 128 MB | prometheus | 5m
        error-rate | Error rate | < 0.1 % | prometheus | 5m
        error-rate-4xx | 4xx error rate | < 1 % | prometheus | 5m
        error-rate-5xx | 5xx error rate | < 0.01 % | prometheus | 5m
        timeout-rate | Timeout rate | < 0.01 % | elasticsearch | 5m
        user-satisfaction | User satisfaction | > 4.5 of 5 | postgres | 30d
        task-completion | Task completion rate | > 95 % | postgres | 24h
        availability | System availability | > 99.9 % | prometheus | 30d
        data-accuracy | Data accuracy | > 99.5 % | postgres | 24h
        """,
        string.Join('\n', BuiltInKpis.All.Select(k =>
            $"{k.Id} | {k.Name} | {k.Target.Sign} {k.Target.Value} {k.Unit} | {k.Query.Source.ToWire()} | {KpiDuration.Format(k.Window)}")));

    [Fact]
    public void There_are_four_groups_of_four() =>
        Assert.Equal(
            [("Response time", 4), ("Throughput", 4), ("Errors", 4), ("Business", 4)],
            BuiltInKpis.All.CountBy(k => k.Group).Select(g => (g.Key, g.Value)));

    [Theory]
    [InlineData("response-time-avg", 5)]
    [InlineData("response-time-p95", 15)]
    [InlineData("requests-per-second", 200)]
    [InlineData("memory-usage", 12.8)]
    [InlineData("db-connections", 4)]
    [InlineData("error-rate-5xx", 0.001)]
    [InlineData("user-satisfaction", 0.05)]
    [InlineData("task-completion", 0.5)]
    [InlineData("availability", 0.01)]
    [InlineData("data-accuracy", 0.05)]
    public void The_margin_is_a_tenth_of_the_target_or_of_what_is_left_to_the_ceiling(string id, double margin) =>
        Assert.Equal(margin, BuiltInKpis.All.Single(k => k.Id == id).Target.Margin, 1e-12);

    [Fact]
    public void Metrics_are_read_every_5_seconds_and_SQL_every_30()
    {
        var intervals = BuiltInKpis.All.ToDictionary(k => k.Id, k => k.Interval);

        Assert.Equal(TimeSpan.FromSeconds(5), intervals["error-rate"]);
        Assert.Equal(TimeSpan.FromSeconds(15), intervals["response-time-max"]);
        Assert.Equal(TimeSpan.FromSeconds(15), intervals["timeout-rate"]);
        Assert.Equal(TimeSpan.FromSeconds(30), intervals["data-accuracy"]);
    }

    [Fact]
    public void Thirty_days_of_metrics_are_read_once_a_minute_only() =>
        Assert.Equal(TimeSpan.FromMinutes(1), BuiltInKpis.All.Single(k => k.Id == "availability").Interval);

    [Fact]
    public void Everyone_can_read_what_a_KPI_means_and_who_answers_for_it() =>
        Assert.All(BuiltInKpis.All, k => Assert.True(k.Description.Length > 20 && k.Owner.Length > 0 && k.ShortName.Length > 0));
}
