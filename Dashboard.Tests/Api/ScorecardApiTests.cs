using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dashboard.Tests.Support;

namespace Dashboard.Tests.Api;

public sealed class ScorecardApiTests
{
    private static readonly string[] DocumentedIds =
    [
        "response-time-avg", "response-time-p95", "response-time-p99", "response-time-max",
        "requests-per-second", "concurrent-users", "db-connections", "memory-usage",
        "error-rate", "error-rate-4xx", "error-rate-5xx", "timeout-rate",
        "user-satisfaction", "task-completion", "availability", "data-accuracy",
    ];

    [Fact]
    public async Task It_has_the_sixteen_documented_KPIs_in_their_order_under_the_promised_names()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());

        using var document = JsonDocument.Parse(await dashboard.Client.GetStringAsync("/api/v1/scorecard"));
        var root = document.RootElement;
        Assert.Equal("2026-11-23T12:00:01.000Z", root.GetProperty("at").GetString());
        Assert.Equal("missed", root.GetProperty("overall").GetString());
        var kpis = root.GetProperty("kpis").EnumerateArray().ToList();
        Assert.Equal(DocumentedIds, kpis.Select(k => k.GetProperty("id").GetString()));

        string[] promised = ["id", "name", "group", "unit", "value", "status", "reason", "target", "measuredAt", "source", "query", "window", "attainment"];
        Assert.All(kpis, kpi => Assert.All(promised, name => Assert.True(kpi.TryGetProperty(name, out _), name)));
        Assert.Equal("<", kpis[0].GetProperty("target").GetProperty("comparison").GetString());
        Assert.Equal(50, kpis[0].GetProperty("target").GetProperty("value").GetDouble());
        Assert.Equal("5m", kpis[0].GetProperty("window").GetString());
        Assert.Equal("24h", kpis[15].GetProperty("window").GetString());
        Assert.Equal(0.998, kpis[0].GetProperty("attainment").GetProperty("24h").GetDouble());
        Assert.Equal("2026-11-23T11:59:58.000Z", kpis[0].GetProperty("measuredAt").GetString());
        Assert.Equal(["prometheus", "jaeger", "elasticsearch", "postgres"], new[] { 0, 3, 11, 15 }.Select(i => kpis[i].GetProperty("source").GetString()!));
    }

    [Fact]
    public async Task What_is_not_known_has_no_value_and_says_why()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());

        using var document = JsonDocument.Parse(await dashboard.Client.GetStringAsync("/api/v1/scorecard"));
        var kpis = document.RootElement.GetProperty("kpis").EnumerateArray().ToDictionary(k => k.GetProperty("id").GetString()!);

        var down = kpis["timeout-rate"];
        Assert.Equal("source_down", down.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, down.GetProperty("value").ValueKind);
        Assert.StartsWith("Elasticsearch refused the connection", down.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0.001, down.GetProperty("lastValue").GetDouble());

        Assert.Equal("no_data", kpis["requests-per-second"].GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, kpis["requests-per-second"].GetProperty("value").ValueKind);
        Assert.Equal("stale", kpis["response-time-max"].GetProperty("status").GetString());
        Assert.Equal(812, kpis["response-time-max"].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_known_document_is_not_sent_again_until_it_changes()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var first = await dashboard.Client.GetAsync(new Uri("/api/v1/scorecard", UriKind.Relative));

        async Task<HttpStatusCode> AskAgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/scorecard");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var answer = await dashboard.Client.SendAsync(request);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotModified, await AskAgainAsync());
        dashboard.Feed.Publish(SampleScorecard.Create(sequence: 2));
        Assert.Equal(HttpStatusCode.OK, await AskAgainAsync());
    }

    [Fact]
    public async Task It_is_compressed_for_those_who_can_read_that()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/scorecard");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var answer = await dashboard.Client.SendAsync(request);
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.True(answer.Content.Headers.ContentLength < 6_000);
    }

    [Fact]
    public async Task Sources_are_told_without_credentials_and_with_their_KPIs()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var document = JsonDocument.Parse(await dashboard.Client.GetStringAsync("/api/v1/sources"));
        var sources = document.RootElement.GetProperty("sources").EnumerateArray().ToList();
        Assert.Equal(["prometheus", "jaeger", "elasticsearch", "postgres"], sources.Select(s => s.GetProperty("source").GetString()!));
        Assert.False(sources[2].GetProperty("reachable").GetBoolean());
        Assert.Equal("timeout-rate", sources[2].GetProperty("kpis")[0].GetString());
        Assert.Equal(JsonValueKind.Null, sources[3].GetProperty("reachable").ValueKind);
    }

    [Fact]
    public async Task Before_the_first_snapshot_the_process_is_alive_but_not_ready()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await dashboard.Client.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        foreach (var path in new[] { "/readyz", "/api/v1/scorecard", "/api/v1/sources" })
        {
            using var answer = await dashboard.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        dashboard.Feed.Publish(SampleScorecard.Create());
        Assert.Equal(HttpStatusCode.OK, (await dashboard.Client.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
    }
}
