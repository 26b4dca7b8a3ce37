using System.Globalization;
using System.Text.Json;
using Dashboard.Sandbox.MetricHistory;
using Dashboard.Sandbox.Servers;
using Dashboard.Sandbox.Story;

namespace Dashboard.Tests.Sandbox.MetricHistory;

/// <summary>One Prometheus with the past week in it.</summary>
public sealed class PastWeek : IAsyncLifetime
{
    private PrometheusServer? _server;

    public SandboxStory Story { get; } = new(TimeProvider.System.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        var directory = Directory.CreateTempSubdirectory("sandbox-test-").FullName;
        await MetricBackfill.FillAsync(Story, PastWeekFiles.Rules, Path.Combine(directory, "data"), TestContext.Current.CancellationToken);
        _server = await PrometheusServer.StartAsync(new PrometheusOptions(directory), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;
        await _server.DisposeAsync();
        Directory.Delete(_server.DataDirectory, recursive: true);
    }

    /// <summary>The values of an expression at a time, by the given label.</summary>
    public async Task<IReadOnlyDictionary<string, double>> QueryAsync(string expression, DateTimeOffset at, string label = "")
    {
        using var http = new HttpClient { BaseAddress = _server!.Address };
        var address = $"/api/v1/query?query={Uri.EscapeDataString(expression)}&time={at.ToUnixTimeSeconds()}";
        using var answer = JsonDocument.Parse(await http.GetStringAsync(address, TestContext.Current.CancellationToken));
        return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            r => r.GetProperty("metric").TryGetProperty(label, out var value) ? value.GetString()! : "",
            r => double.Parse(r.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
    }

    public async Task<double> ValueAsync(string expression, DateTimeOffset at) => Assert.Single(await QueryAsync(expression, at)).Value;
}

file static class PastWeekFiles
{
    public static string Rules => Path.Combine(AppContext.BaseDirectory, "deploy", "prometheus", "alerts.yml");
}

public sealed class MetricBackfillTests(PastWeek past) : IClassFixture<PastWeek>
{
    private const string P95 = "1000 * histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m])))";
    private const string ErrorRate = """
        100 * sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m])) / sum(rate(http_server_request_duration_seconds_count[5m]))
        """;

    private SandboxStory Story => past.Story;

    [Fact]
    public async Task The_whole_week_is_there_up_to_a_few_minutes_ago()
    {
        Assert.InRange(await past.ValueAsync("count_over_time(up{job=\"reconciliation-api\"}[7d])", Story.Now), 5030, 5041);
        Assert.InRange(await past.ValueAsync("sum(rate(http_server_request_duration_seconds_count[5m]))", Story.Now.AddMinutes(-2)), 5, 60);
    }

    [Fact]
    public async Task An_ordinary_hour_meets_its_response_time_and_error_targets()
    {
        var ordinary = Story.BadDeployment.Start.AddHours(-2);

        Assert.InRange(await past.ValueAsync(P95, ordinary), 20, 100);
        Assert.InRange(await past.ValueAsync(ErrorRate, ordinary), 0, 0.1);
    }

    [Fact]
    public async Task The_bad_deployment_slows_responses_and_queries()
    {
        var during = Story.BadDeployment.Start.AddMinutes(40);

        Assert.InRange(await past.ValueAsync(P95, during), 200, 900);
        var query = "1000 * sum(rate(db_client_operation_duration_seconds_sum[5m])) / sum(rate(db_client_operation_duration_seconds_count[5m]))";
        Assert.InRange(await past.ValueAsync(query, during), 100, 300);
        Assert.InRange(await past.ValueAsync(query, Story.BadDeployment.Start.AddHours(-2)), 5, 50);
    }

    [Fact]
    public async Task The_partners_silence_is_a_burst_of_timeouts_of_two_seconds_on_one_route()
    {
        var during = Story.PartnerTimeouts.Start.AddMinutes(10);

        var failing = await past.QueryAsync("sum by (http_route) (rate(http_server_request_duration_seconds_count{error_type=\"timeout\"}[5m])) > 0", during, "http_route");
        Assert.Equal(["/api/partners/{partner}/balance"], failing.Keys);
        Assert.InRange(await past.ValueAsync(ErrorRate, during), 2.5, 5);
        var seconds = """
            sum(rate(http_server_request_duration_seconds_sum{error_type="timeout"}[5m])) / sum(rate(http_server_request_duration_seconds_count{error_type="timeout"}[5m]))
            """;
        Assert.InRange(await past.ValueAsync(seconds, during), 2.0, 2.1);
        Assert.Empty(await past.QueryAsync("rate(http_server_request_duration_seconds_count{error_type=\"timeout\"}[5m]) > 0", Story.PartnerTimeouts.Start.AddHours(-1)));
    }

    [Fact]
    public async Task Alerts_fired_in_the_incidents_and_were_over_afterwards()
    {
        Assert.Equal(["DatabaseSlowQueries", "HighResponseTime", "LowThroughput"], await FiringAsync(Story.BadDeployment.Start.AddMinutes(30)));
        Assert.Equal(["HighErrorRate", "LowThroughput"], await FiringAsync(Story.PartnerTimeouts.Start.AddMinutes(10)));
        Assert.Equal(["LowThroughput"], await FiringAsync(Story.BadDeployment.End.AddMinutes(10)));
    }

    [Theory]
    [InlineData("HighResponseTime")]
    [InlineData("HighErrorRate")]
    [InlineData("DatabaseSlowQueries")]
    public async Task An_alert_fired_where_its_rule_says_so_and_nowhere_else(string alert)
    {
        // Five minutes instead of one: the past was scraped every two.
        var rules = await File.ReadAllTextAsync(PastWeekFiles.Rules, TestContext.Current.CancellationToken);
        var from = rules.IndexOf("expr: |", rules.IndexOf($"alert: {alert}", StringComparison.Ordinal), StringComparison.Ordinal) + "expr: |".Length;
        var expression = rules[from..rules.IndexOf("for:", from, StringComparison.Ordinal)].Replace("[1m]", "[5m]", StringComparison.Ordinal);
        var incident = alert is "HighErrorRate" ? Story.PartnerTimeouts : Story.BadDeployment;

        Assert.NotEmpty(await past.QueryAsync(expression, incident.Start + ((incident.End - incident.Start) / 2)));
        foreach (var other in (DateTimeOffset[])[incident.Start.AddMinutes(-30), incident.End.AddMinutes(30), Story.Now.AddDays(-6), Story.Now.AddHours(-1)])
            Assert.Empty(await past.QueryAsync(expression, other));
    }

    [Fact]
    public async Task Buckets_never_hold_more_than_the_next_and_the_last_holds_all()
    {
        var broken = """
            sum without (le) (http_server_request_duration_seconds_bucket{le="+Inf"}) != http_server_request_duration_seconds_count
              or sum without (le) (http_server_request_duration_seconds_bucket{le="0.05"}) > sum without (le) (http_server_request_duration_seconds_bucket{le="0.1"})
            """;
        Assert.Empty(await past.QueryAsync(broken, Story.Now.AddHours(-3)));
    }

    private async Task<IEnumerable<string>> FiringAsync(DateTimeOffset at) =>
        (await past.QueryAsync("ALERTS{alertstate=\"firing\"}", at, "alertname")).Keys.Order();
}
