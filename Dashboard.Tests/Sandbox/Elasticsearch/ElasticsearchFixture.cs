using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dashboard.Sandbox.Elasticsearch;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Sandbox.Elasticsearch;

/// <summary>An empty Elasticsearch-compatible server on a free port, with a clock that the test moves, and a client.</summary>
internal sealed class ElasticsearchFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private ElasticsearchFixture(ElasticsearchServer server, FakeTimeProvider clock)
    {
        (Server, Clock) = (server, clock);
        Http = new HttpClient { BaseAddress = server.Url };
    }

    public ElasticsearchServer Server { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public static async Task<ElasticsearchFixture> StartAsync(
        ElasticsearchEngine engine = ElasticsearchEngine.Elasticsearch8, Func<ElasticsearchServerOptions, ElasticsearchServerOptions>? with = null)
    {
        var clock = new FakeTimeProvider(Now);
        var options = new ElasticsearchServerOptions { Engine = engine };
        return new(await ElasticsearchServer.StartAsync(with?.Invoke(options) ?? options, clock, TestContext.Current.CancellationToken), clock);
    }

    /// <summary>Indexes documents, searchable when this returns.</summary>
    public Task<JsonElement> IndexAsync(params IEnumerable<string> documents) => BulkAsync(documents.SelectMany(d => (string[])["""{"index":{}}""", d]));

    public async Task<JsonElement> BulkAsync(IEnumerable<string> lines, string path = "/logs-2026.11.20/_bulk?refresh=true")
    {
        using var content = new StringContent(string.Join('\n', lines) + "\n", Encoding.UTF8, "application/x-ndjson");
        using var answer = await Http.PostAsync(path, content);
        return await ReadAsync(answer, HttpStatusCode.OK);
    }

    public static string Access(DateTimeOffset at, int status = 200, double milliseconds = 10, string route = "/a", string? error = null) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"@timestamp":"{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}","message":"GET {{route}} answered {{status}}","event.dataset":"access","http":{"response":{"status_code":{{status}}},"route":"{{route}}"},"event":{"duration":{{(long)(milliseconds * 1e6)}}}{{(error is null ? "" : $",\"error.type\":\"{error}\"")}}}""");

    public Task<JsonElement> SearchAsync(string body, string index = "/logs-*", HttpStatusCode expected = HttpStatusCode.OK) =>
        PostAsync($"{index}/_search?ignore_unavailable=true&allow_no_indices=true", body, expected);

    public async Task<JsonElement> PostAsync(string path, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Http.PostAsync(path, content);
        return await ReadAsync(answer, expected);
    }

    /// <summary>How many documents match a query string.</summary>
    public async Task<long> CountAsync(string text)
    {
        var body = JsonSerializer.Serialize(new { query = new { query_string = new { query = text } } });
        return (await PostAsync("/logs-*/_count", body)).GetProperty("count").GetInt64();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
