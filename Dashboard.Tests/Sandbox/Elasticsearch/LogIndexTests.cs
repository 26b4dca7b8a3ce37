using System.Net;
using System.Text.Json;

namespace Dashboard.Tests.Sandbox.Elasticsearch;

public sealed class LogIndexTests
{
    private static readonly DateTimeOffset Now = ElasticsearchFixture.Now;

    [Fact]
    public async Task A_bulk_request_answers_for_each_of_its_items()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();

        var answer = await elasticsearch.BulkAsync(
        [
            """{"create":{"_id":"a"}}""", """{"n":1}""",
            """{"create":{"_id":"a"}}""", """{"n":2}""",
            """{"index":{"_id":"a"}}""", """{"n":3}""",
            """{"index":{"_index":"Bad Name"}}""", """{"n":4}""",
            """{"index":{}}""", """{"n":"many"}""",
            """{"index":{}}""", """[1]""",
            """{"update":{"_id":"a"}}""", """{"doc":{"n":5}}""",
            """{"delete":{"_id":"nobody"}}""",
        ]);

        Assert.True(answer.GetProperty("errors").GetBoolean());
        Assert.Equal([201, 409, 200, 400, 400, 400, 400, 404], answer.GetProperty("items").EnumerateArray().Select(i => i.EnumerateObject().Single().Value.GetProperty("status").GetInt32()));
        Assert.Equal("version_conflict_engine_exception", answer.GetProperty("items")[1].GetProperty("create").GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(1, await elasticsearch.CountAsync("*"));
        Assert.Equal(1, await elasticsearch.CountAsync("n:3"));
    }

    [Theory]
    [InlineData("""{"index":{}}""")]
    [InlineData("""{"grow":{}}""", """{"n":1}""")]
    [InlineData("no json", """{"n":1}""")]
    public async Task A_malformed_bulk_request_is_refused(params string[] lines)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();

        await elasticsearch.PostAsync("/logs/_bulk", string.Join('\n', lines) + "\n", HttpStatusCode.BadRequest);
        await elasticsearch.PostAsync("/logs/_bulk", """{"index":{}}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_document_is_seen_a_second_after_it_came()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.BulkAsync(["""{"index":{}}""", ElasticsearchFixture.Access(Now)], "/logs-1/_bulk");
        Assert.Equal(0, await elasticsearch.CountAsync("*"));

        elasticsearch.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(SpinWait.SpinUntil(() => elasticsearch.CountAsync("*").GetAwaiter().GetResult() is 1, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task The_documents_that_came_first_make_room()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(with: o => o with { MaxDocuments = 100 });
        for (var i = 0; i < 30; i++)
        {
            await elasticsearch.IndexAsync(Enumerable.Range(i * 10, 10).Select(n => $$"""{"n":{{n}}}"""));
            Assert.InRange(elasticsearch.Server.DocumentCount, 1, 100);
            Assert.InRange(await elasticsearch.CountAsync("*"), 1, 100);
        }

        Assert.Equal(0, await elasticsearch.CountAsync("n:<190"));
        Assert.Equal(1, await elasticsearch.CountAsync("n:299"));
    }

    [Fact]
    public async Task The_bound_of_bytes_holds_at_each_refresh()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(with: o => o with { MaxBytes = 400_000 });
        var random = new Random(1);
        var largest = 0L;
        for (var i = 0; i < 40; i++)
        {
            await elasticsearch.IndexAsync(Enumerable.Range(0, 100).Select(_ => $$"""{"text":"{{random.NextInt64():x}} {{random.NextInt64():x}}","i":{{i}}}"""));
            largest = Math.Max(largest, elasticsearch.Server.IndexBytes);
        }

        Assert.InRange(largest, 1, 400_000);
        Assert.Equal(100, await elasticsearch.CountAsync("i:39"));
        Assert.InRange(await elasticsearch.CountAsync("*"), 500, 3_900);
    }

    [Fact]
    public async Task Totals_are_counted_up_to_ten_thousand_unless_told_otherwise()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(Enumerable.Range(0, 10_050).Select(i => "{\"n\":1}"));

        Assert.Equal("""{"value":10000,"relation":"gte"}""", await TotalAsync("{}"));
        Assert.Equal("""{"value":10050,"relation":"eq"}""", await TotalAsync("""{"track_total_hits":true}"""));
        Assert.Equal("""{"value":20,"relation":"gte"}""", await TotalAsync("""{"track_total_hits":20}"""));
        Assert.Null(await TotalAsync("""{"track_total_hits":false}"""));

        async Task<string?> TotalAsync(string body)
        {
            var hits = (await elasticsearch.SearchAsync(body)).GetProperty("hits");
            Assert.Equal(10, hits.GetProperty("hits").GetArrayLength());
            return hits.TryGetProperty("total", out var total) ? total.GetRawText() : null;
        }
    }

    [Fact]
    public async Task A_missing_pattern_is_nothing_and_a_missing_name_an_error()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(Now));

        var nothing = await elasticsearch.SearchAsync("""{"aggs":{"n":{"max":{"field":"event.duration"}}}}""", "/other-*");
        var tolerated = await elasticsearch.SearchAsync("{}", "/other,logs-2026.11.20");
        var missing = await elasticsearch.PostAsync("/other/_search", "{}", HttpStatusCode.NotFound);
        await elasticsearch.PostAsync("/other-*/_search?allow_no_indices=false", "{}", HttpStatusCode.NotFound);

        Assert.Equal(0, nothing.GetProperty("_shards").GetProperty("total").GetInt32());
        Assert.Equal(0, nothing.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt32());
        Assert.False(nothing.TryGetProperty("aggregations", out _));
        Assert.Equal(1, tolerated.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt32());
        Assert.Equal("index_not_found_exception", missing.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Hits_come_in_the_order_asked_for_and_pages_follow_each_other()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        int?[] numbers = [3, 1, null, 2, 5, 4];
        await elasticsearch.IndexAsync([.. numbers.Select(n => n is null ? """{"other":1}""" : $$"""{"n":{{n}},"k":"v{{n}}","d":{{n}}.5}""")]);

        Assert.Equal("1 2 3 4 5 -", await OrderAsync("""{"sort":[{"n":"asc"}]}"""));
        Assert.Equal("5 4 3 2 1 -", await OrderAsync("""{"sort":[{"n":{"order":"desc"}}]}"""));
        Assert.Equal("- 5 4 3 2 1", await OrderAsync("""{"sort":[{"d":{"order":"desc","missing":"_first"}}]}"""));
        Assert.Equal("1 2 3 4 5 -", await OrderAsync("""{"sort":["k"]}"""));
        Assert.Equal("3 4", await OrderAsync("""{"sort":["n"],"size":2,"from":2}"""));
        Assert.Equal("4 5 -", await OrderAsync("""{"sort":["n"],"search_after":[3]}"""));
        Assert.Equal("2 1 -", await OrderAsync("""{"sort":[{"d":"desc"}],"search_after":[3.5]}"""));
        Assert.Equal("4 5 -", await OrderAsync("""{"sort":["k"],"search_after":["v3"]}"""));
        Assert.Equal(6, (await OrderAsync("""{"sort":[{"nowhere":{"order":"asc","unmapped_type":"long"}}]}""")).Split(' ').Length);

        async Task<string> OrderAsync(string body) => string.Join(' ', (await elasticsearch.SearchAsync(body)).GetProperty("hits").GetProperty("hits").EnumerateArray()
            .Select(h => h.GetProperty("_source").TryGetProperty("n", out var n) ? n.GetRawText() : "-"));
    }

    [Fact]
    public async Task Fields_are_told_with_their_kinds()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(Now, error: "timeout"));

        var answer = await elasticsearch.PostAsync("/logs-*/_field_caps?fields=*", "");

        string KindOf(string field) => answer.GetProperty("fields").GetProperty(field).EnumerateObject().Single().Name;
        Assert.Equal("date", KindOf("@timestamp"));
        Assert.Equal("text", KindOf("message"));
        Assert.Equal("keyword", KindOf("error.type"));
        Assert.Equal("long", KindOf("event.duration"));
        Assert.False(answer.GetProperty("fields").GetProperty("message").GetProperty("text").GetProperty("aggregatable").GetBoolean());
    }

    [Fact]
    public async Task The_indices_are_listed_with_their_counts()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(Now), ElasticsearchFixture.Access(Now));

        using var listed = JsonDocument.Parse(await elasticsearch.Http.GetStringAsync("/_cat/indices?format=json"));
        using var health = JsonDocument.Parse(await elasticsearch.Http.GetStringAsync("/_cluster/health"));

        Assert.Equal("2", listed.RootElement[0].GetProperty("docs.count").GetString());
        Assert.Equal("logs-2026.11.20", listed.RootElement[0].GetProperty("index").GetString());
        Assert.Equal("green", health.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_request_above_the_limit_is_refused()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(with: o => o with { MaxRequestBytes = 10_000 });

        await elasticsearch.PostAsync("/logs/_bulk", new string('x', 20_000), HttpStatusCode.RequestEntityTooLarge);
    }
}
