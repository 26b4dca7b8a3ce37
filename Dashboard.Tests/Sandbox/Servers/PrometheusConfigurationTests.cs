using System.Text.Json;
using Dashboard.Sandbox.Servers;

namespace Dashboard.Tests.Sandbox.Servers;

public sealed class PrometheusConfigurationTests
{
    private static readonly string Deployed = Path.Combine(AppContext.BaseDirectory, "deploy", "prometheus");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_deployed_configuration_is_valid() =>
        await ShortCommand.RunAsync("promtool", ["check", "config", Path.Combine(Deployed, "prometheus.yml")], Cancellation);

    [Fact]
    public async Task The_alert_rules_are_valid() =>
        await ShortCommand.RunAsync("promtool", ["check", "rules", "--lint-fatal", Path.Combine(Deployed, "alerts.yml")], Cancellation);

    [Fact]
    public async Task The_alert_rules_fire_at_the_documented_thresholds_after_the_documented_times() =>
        await ShortCommand.RunAsync("promtool", ["test", "rules", Path.Combine(Deployed, "alerts.test.yml")], Cancellation);

    [Fact]
    public async Task The_sandbox_scrapes_loopback_ports_under_the_deployed_names()
    {
        await using var redis = await RedisServer.StartAsync(new RedisOptions(), Cancellation);
        await using var exporter = await RedisExporter.StartAsync(new RedisExporterOptions(redis.Port), Cancellation);
        await using var alertmanager = await AlertmanagerServer.StartAsync(
            new AlertmanagerOptions(Path.Combine(AppContext.BaseDirectory, "deploy", "alertmanager", "alertmanager.yml")), Cancellation);
        var configuration = Path.GetTempFileName();
        var running = PrometheusConfiguration.OnLoopback(
            await File.ReadAllTextAsync(Path.Combine(Deployed, "prometheus.yml"), Cancellation),
            Deployed,
            new Dictionary<string, int>
            {
                ["reconciliation-service:2000"] = LoopbackPort.Free(),
                ["postgres-exporter:9187"] = LoopbackPort.Free(),
                ["redis-exporter:9121"] = exporter.Port,
                ["alertmanager:9093"] = alertmanager.Port,
            });
        await File.WriteAllTextAsync(configuration, running, Cancellation);
        await using var prometheus = await PrometheusServer.StartAsync(new PrometheusOptions(ConfigurationFile: configuration), Cancellation);
        File.Delete(configuration);
        using var http = new HttpClient { BaseAddress = prometheus.Address };

        var targets = await FoundAsync(http, "/api/v1/targets?state=active", "activeTargets");
        var scraped = targets.EnumerateArray()
            .ToDictionary(t => t.GetProperty("labels").GetProperty("instance").GetString()!, t => t);
        Assert.Equal(["postgres-exporter:9187", "reconciliation-service:2000", "redis-exporter:9121"], scraped.Keys.Order());
        Assert.Equal($"http://127.0.0.1:{exporter.Port}/metrics", scraped["redis-exporter:9121"].GetProperty("scrapeUrl").GetString());
        Assert.Equal("5s", scraped["reconciliation-service:2000"].GetProperty("scrapeInterval").GetString());
        Assert.Equal("15s", scraped["redis-exporter:9121"].GetProperty("scrapeInterval").GetString());

        var rules = (await ReadAsync(http, "/api/v1/rules")).GetProperty("groups")[0].GetProperty("rules");
        Assert.Equal(5, rules.GetArrayLength());
        var alertmanagers = await FoundAsync(http, "/api/v1/alertmanagers", "activeAlertmanagers");
        Assert.Equal($"http://127.0.0.1:{alertmanager.Port}/api/v2/alerts", alertmanagers[0].GetProperty("url").GetString());
    }

    [Fact]
    public void A_target_without_a_port_is_refused_by_name()
    {
        var failure = Assert.Throws<ArgumentException>(
            () => PrometheusConfiguration.OnLoopback("- targets: [\"new-service:80\"]", "/", new Dictionary<string, int>()));

        Assert.Contains("new-service:80", failure.Message, StringComparison.Ordinal);
    }

    // Prometheus finds what its configuration names some seconds after it is ready.
    private static async Task<JsonElement> FoundAsync(HttpClient http, string path, string list)
    {
        while (true)
        {
            var found = (await ReadAsync(http, path)).GetProperty(list);
            if (found.GetArrayLength() > 0)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpClient http, string path)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync(path, Cancellation));
        return answer.RootElement.GetProperty("data").Clone();
    }
}
