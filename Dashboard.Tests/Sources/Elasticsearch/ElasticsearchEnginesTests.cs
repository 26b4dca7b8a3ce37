using System.Globalization;
using System.Text;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Sandbox.Elasticsearch;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources.Elasticsearch;

/// <summary>Against the sandbox's server, as each engine.</summary>
public sealed class ElasticsearchEnginesTests
{
    private const string Timeouts = "event.dataset:access AND error.type:timeout";
    private const string Access = "event.dataset:access";

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ElasticsearchEngine.Elasticsearch7, "Elasticsearch", "7.")]
    [InlineData(ElasticsearchEngine.Elasticsearch8, "Elasticsearch", "8.")]
    [InlineData(ElasticsearchEngine.Elasticsearch9, "Elasticsearch", "9.")]
    [InlineData(ElasticsearchEngine.OpenSearch2, "OpenSearch", "2.")]
    [InlineData(ElasticsearchEngine.OpenSearch3, "OpenSearch", "3.")]
    public async Task Documents_are_counted_whole_and_by_time(ElasticsearchEngine engine, string name, string version)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await ElasticsearchServer.StartAsync(new ElasticsearchServerOptions { Engine = engine }, TimeProvider.System, cancellation);
        await using var sources = TestSources.With(("Elasticsearch:Url", server.Url.ToString()));
        var logs = sources.GetRequiredService<ILogSource>();
        var range = TimeRange.Before(Noon, TimeSpan.FromMinutes(5));

        var none = await logs.CountAsync(Timeouts, Access, range, cancellation);
        await IndexAsync(server);
        var counted = await logs.CountAsync(Timeouts, Access, range, cancellation);
        var byTime = await logs.CountByTimeAsync(Timeouts, Access, range, TimeSpan.FromMinutes(1), cancellation);
        var refusal = await Assert.ThrowsAsync<SourceException>(() => logs.CountAsync("error.type:(", Access, range, cancellation));
        var identity = (await sources.GetServices<ISourceProbe>().Single(p => p.Source is SourceKind.Elasticsearch).ProbeAsync(cancellation)).Value;

        Assert.Equal((0, null), (none.Value.Among, none.Value.Newest));
        Assert.Equal(["No index matches logs-*."], none.Warnings);
        Assert.Equal((2, 5, Noon.AddSeconds(-61)), (counted.Value.Matching, counted.Value.Among, counted.Value.Newest));
        Assert.Empty(counted.Warnings);
        Assert.Equal(
            [(-5, 1, 2), (-4, 0, 0), (-3, 0, 1), (-2, 1, 2), (-1, 0, 0)],
            byTime.Value.Select(c => ((int)(c.At - Noon).TotalMinutes, (int)c.Matching, (int)c.Among)));
        Assert.Equal(FailureKind.Refused, refusal.Failure.Kind);
        Assert.Equal(name, identity.Dialect);
        Assert.StartsWith(version, identity.Version, StringComparison.Ordinal);
        Assert.Empty(identity.Degraded);
    }

    private static async Task IndexAsync(ElasticsearchServer server)
    {
        (int Second, bool TimedOut)[] requests = [(-301, true), (-300, true), (-250, false), (-130, false), (-100, true), (-61, false), (0, true)];
        var lines = new StringBuilder();
        foreach (var (second, timedOut) in requests)
        {
            lines.AppendLine("""{"index":{}}""").AppendLine(string.Create(CultureInfo.InvariantCulture,
                $$"""{"@timestamp":"{{Noon.AddSeconds(second):yyyy-MM-ddTHH:mm:ss.fffZ}}","event.dataset":"access","message":"x"{{(timedOut ? ",\"error.type\":\"timeout\"" : "")}}}"""));
        }

        lines.AppendLine("""{"index":{}}""").AppendLine("""{"@timestamp":"2026-11-22T11:58:00.000Z","event.dataset":"application","error.type":"timeout","message":"x"}""");
        using var http = new HttpClient { BaseAddress = server.Url };
        using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync("/logs-2026.11.22/_bulk?refresh=true", content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
