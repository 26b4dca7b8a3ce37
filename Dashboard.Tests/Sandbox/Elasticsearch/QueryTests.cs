using System.Net;
using System.Text.Json;

namespace Dashboard.Tests.Sandbox.Elasticsearch;

public sealed class QueryTests(QueryTests.Logs logs) : IClassFixture<QueryTests.Logs>
{
    private static readonly DateTimeOffset Now = ElasticsearchFixture.Now;

    public sealed class Logs : IAsyncLifetime
    {
        internal ElasticsearchFixture Elasticsearch { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Elasticsearch = await ElasticsearchFixture.StartAsync();
            await Elasticsearch.BulkAsync(
            [
                """{"index":{"_id":"ok"}}""", ElasticsearchFixture.Access(Now.AddMinutes(-1)),
                """{"index":{"_id":"missing"}}""", ElasticsearchFixture.Access(Now.AddMinutes(-2), status: 404, route: "/b"),
                """{"index":{"_id":"slow"}}""", ElasticsearchFixture.Access(Now.AddMinutes(-10), milliseconds: 900),
                """{"index":{"_id":"timeout"}}""", ElasticsearchFixture.Access(Now.AddHours(-1), status: 504, milliseconds: 2000, route: "/partners", error: "timeout"),
                """{"index":{"_id":"line"}}""",
                """{"@timestamp":"2026-11-19T23:59:59.999Z","message":"The partner Northbank did not answer in time","event":{"dataset":"application"},"ratio":0.5,"retried":true,"tags":["x","y"]}""",
            ]);
        }

        public ValueTask DisposeAsync() => Elasticsearch.DisposeAsync();
    }

    [Theory]
    [InlineData("event.dataset:access", "ok missing slow timeout")]
    [InlineData("event.dataset:access AND error.type:timeout", "timeout")]
    [InlineData("event.dataset:access AND NOT error.type:timeout", "ok missing slow")]
    [InlineData("event.dataset:ACCESS", "")]
    [InlineData("http.response.status_code:[400 TO 499]", "missing")]
    [InlineData("http.response.status_code:>=404", "missing timeout")]
    [InlineData("http.response.status_code:{404 TO *}", "timeout")]
    [InlineData("http.response.status_code:<300", "ok slow")]
    [InlineData("event.duration:>=900000000", "slow timeout")]
    [InlineData("ratio:[0.4 TO 0.6]", "line")]
    [InlineData("retried:true", "line")]
    [InlineData("message:northbank", "line")]
    [InlineData("northbank", "line")]
    [InlineData("\"did not answer\"", "line")]
    [InlineData("\"answer not did\"", "")]
    [InlineData("message:north*", "line")]
    [InlineData("http.route:/part*", "")]
    [InlineData("http.route:\\/part*", "timeout")]
    [InlineData("http.route:\"/partners\"", "timeout")]
    [InlineData("error.type:*", "timeout")]
    [InlineData("_exists_:error.type", "timeout")]
    [InlineData("tags:(x AND y)", "line")]
    [InlineData("@timestamp:[now-5m TO now]", "ok missing")]
    [InlineData("@timestamp:[2026-11-19 TO 2026-11-19]", "line")]
    [InlineData("unknown.field:1", "")]
    [InlineData("*", "ok missing slow timeout line")]
    public async Task A_query_string_finds(string query, string expected)
    {
        if (query.StartsWith("http.route:/part", StringComparison.Ordinal))
        {
            // A slash opens a regular expression.
            await logs.Elasticsearch.SearchAsync(QueryString(query), expected: HttpStatusCode.BadRequest);
            return;
        }

        Assert.Equal(Sorted(expected), await FindAsync(QueryString(query)));
    }

    [Theory]
    [InlineData("""{"match_all":{}}""", "ok missing slow timeout line")]
    [InlineData("""{"term":{"http.route":"/b"}}""", "missing")]
    [InlineData("""{"term":{"http.response.status_code":{"value":"404"}}}""", "missing")]
    [InlineData("""{"terms":{"http.response.status_code":[404,504,999]}}""", "missing timeout")]
    [InlineData("""{"match":{"message":"NORTHBANK nothing"}}""", "line")]
    [InlineData("""{"match":{"message":{"query":"northbank nothing","operator":"and"}}}""", "")]
    [InlineData("""{"match_phrase":{"message":"the partner"}}""", "line")]
    [InlineData("""{"prefix":{"error.type":"time"}}""", "timeout")]
    [InlineData("""{"exists":{"field":"ratio"}}""", "line")]
    [InlineData("""{"ids":{"values":["ok","slow","nobody"]}}""", "ok slow")]
    [InlineData("""{"range":{"@timestamp":{"gte":"now-5m","lte":"now"}}}""", "ok missing")]
    [InlineData("""{"range":{"@timestamp":{"gt":"2026-11-20T11:58:00Z","lt":"2026-11-20T12:00:00Z"}}}""", "ok")]
    [InlineData("""{"range":{"@timestamp":{"lt":"now/d"}}}""", "line")]
    [InlineData("""{"range":{"@timestamp":{"lte":"now-1d/d"}}}""", "line")]
    [InlineData("""{"range":{"@timestamp":{"gte":1795262339999,"lt":1795262340000,"format":"epoch_millis"}}}""", "")]
    [InlineData("""{"range":{"http.response.status_code":{"gt":403.5}}}""", "missing timeout")]
    [InlineData("""{"bool":{"must_not":[{"term":{"event.dataset":"access"}}]}}""", "line")]
    [InlineData("""{"bool":{"should":[{"term":{"http.route":"/b"}},{"term":{"error.type":"timeout"}}]}}""", "missing timeout")]
    [InlineData("""{"bool":{"filter":{"term":{"event.dataset":"access"}},"should":[{"term":{"http.route":"/b"}}],"minimum_should_match":1}}""", "missing")]
    [InlineData("""{"bool":{}}""", "ok missing slow timeout line")]
    [InlineData("""{"query_string":{"query":"did northbank","default_operator":"AND","default_field":"message"}}""", "line")]
    [InlineData("""{"query_string":{"query":"timeout","fields":["message","error.type"]}}""", "timeout")]
    public async Task The_query_language_finds(string query, string expected) =>
        Assert.Equal(Sorted(expected), await FindAsync($$"""{"query":{{query}}}"""));

    [Theory]
    [InlineData("""{"query":{"query_string":{"query":"(unclosed"}}}""", "search_phase_execution_exception", "Failed to parse query")]
    [InlineData("""{"query":{"fuzzyish":{}}}""", "parsing_exception", "unknown query [fuzzyish]")]
    [InlineData("""{"query":{"range":{"@timestamp":{"gte":"yesterday"}}}}""", "search_phase_execution_exception", "failed to parse date field [yesterday]")]
    [InlineData("""{"aggs":{"a":{"terms":{"field":"message"}}}}""", "search_phase_execution_exception", "Fielddata is disabled on [message]")]
    [InlineData("""{"aggs":{"a":{"guess":{"field":"message"}}}}""", "parsing_exception", "Unknown aggregation type [guess]")]
    [InlineData("""{"sort":["nowhere"]}""", "search_phase_execution_exception", "No mapping found for [nowhere]")]
    [InlineData("""{"size":9000,"from":1001}""", "search_phase_execution_exception", "Result window is too large")]
    [InlineData("""{"sort":["@timestamp"],"search_after":[1,2]}""", "illegal_argument_exception", "search_after has 2 value(s) but sort has 1")]
    [InlineData("""{"searching":1}""", "parsing_exception", "unknown key [searching]")]
    [InlineData("""{"query":""", "x_content_parse_exception", "no JSON")]
    [InlineData("""{"size":"many"}""", "illegal_argument_exception", "many")]
    [InlineData("""{"query":{"bool":{"must":[[]]}}}""", "parsing_exception", "query malformed")]
    public async Task A_bad_search_is_refused_with_its_reason(string body, string type, string reason)
    {
        var answer = await logs.Elasticsearch.SearchAsync(body, expected: HttpStatusCode.BadRequest);

        var error = answer.GetProperty("error");
        Assert.Equal(400, answer.GetProperty("status").GetInt32());
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Contains(reason, error.GetProperty("root_cause")[0].GetProperty("reason").GetString());
        if (type is "search_phase_execution_exception")
            Assert.Contains(reason, error.GetProperty("failed_shards")[0].GetProperty("reason").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_query_with_thousands_of_parentheses_is_refused_and_the_server_lives()
    {
        var deep = new string('(', 9_000) + "a" + new string(')', 9_000);

        await logs.Elasticsearch.SearchAsync(QueryString(deep), expected: HttpStatusCode.BadRequest);

        Assert.Equal(5, await logs.Elasticsearch.CountAsync("*"));
    }

    [Fact]
    public async Task Fields_and_parts_of_the_source_and_marks_come_with_a_hit()
    {
        var answer = await logs.Elasticsearch.SearchAsync(
            """{"query":{"match":{"message":"northbank"}},"_source":["message"],"fields":["@timestamp","tags"],"highlight":{"fields":{"message":{}}}}""");

        var hit = answer.GetProperty("hits").GetProperty("hits")[0];
        Assert.Equal("""{"message":"The partner Northbank did not answer in time"}""", hit.GetProperty("_source").GetRawText());
        Assert.Equal("""{"@timestamp":["2026-11-19T23:59:59.999Z"],"tags":["x","y"]}""", hit.GetProperty("fields").GetRawText());
        Assert.Equal("The partner <em>Northbank</em> did not answer in time", hit.GetProperty("highlight").GetProperty("message")[0].GetString());
    }

    private static string QueryString(string text) => JsonSerializer.Serialize(new { query = new { query_string = new { query = text } } });

    private static string[] Sorted(string ids) => [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order()];

    private async Task<string[]> FindAsync(string body)
    {
        var answer = await logs.Elasticsearch.SearchAsync(body);
        return [.. answer.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("_id").GetString()!).Order()];
    }
}
