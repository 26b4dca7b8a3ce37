using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dashboard.Sandbox.Elasticsearch;

namespace Dashboard.Tests.Sandbox.Elasticsearch;

public sealed class EngineTests
{
    public static TheoryData<ElasticsearchEngine> All => [.. Enum.GetValues<ElasticsearchEngine>()];

    [Theory]
    [InlineData(ElasticsearchEngine.Elasticsearch7, "7.", true)]
    [InlineData(ElasticsearchEngine.Elasticsearch8, "8.", true)]
    [InlineData(ElasticsearchEngine.Elasticsearch9, "9.", true)]
    [InlineData(ElasticsearchEngine.OpenSearch2, "2.", false)]
    [InlineData(ElasticsearchEngine.OpenSearch3, "3.", false)]
    public async Task An_engine_says_what_it_is(ElasticsearchEngine engine, string version, bool isElastic)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(engine);

        using var answer = await elasticsearch.Http.GetAsync("/");

        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var told = body.RootElement.GetProperty("version");
        Assert.StartsWith(version, told.GetProperty("number").GetString());
        Assert.Equal(isElastic, answer.Headers.Contains("X-Elastic-Product"));
        Assert.Equal(!isElastic, told.TryGetProperty("distribution", out var distribution) && distribution.GetString() is "opensearch");
    }

    [Theory]
    [InlineData(ElasticsearchEngine.Elasticsearch7, 7, HttpStatusCode.OK)]
    [InlineData(ElasticsearchEngine.Elasticsearch7, 8, HttpStatusCode.BadRequest)]
    [InlineData(ElasticsearchEngine.Elasticsearch8, 7, HttpStatusCode.OK)]
    [InlineData(ElasticsearchEngine.Elasticsearch8, 8, HttpStatusCode.OK)]
    [InlineData(ElasticsearchEngine.Elasticsearch8, 9, HttpStatusCode.BadRequest)]
    [InlineData(ElasticsearchEngine.Elasticsearch9, 7, HttpStatusCode.BadRequest)]
    [InlineData(ElasticsearchEngine.Elasticsearch9, 9, HttpStatusCode.OK)]
    [InlineData(ElasticsearchEngine.OpenSearch2, 7, HttpStatusCode.NotAcceptable)]
    [InlineData(ElasticsearchEngine.OpenSearch3, 8, HttpStatusCode.NotAcceptable)]
    public async Task The_vendor_s_media_type_is_taken_only_next_to_the_own_version(ElasticsearchEngine engine, int compatibleWith, HttpStatusCode expected)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(engine);
        using var content = new StringContent("{}", Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"application/vnd.elasticsearch+json; compatible-with={compatibleWith}");

        using var answer = await elasticsearch.Http.PostAsync("/_search", content);

        Assert.Equal(expected, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        if (expected is HttpStatusCode.BadRequest)
            Assert.Equal("media_type_header_exception", body.RootElement.GetProperty("error").GetProperty("type").GetString());
        if (expected is HttpStatusCode.NotAcceptable)
            Assert.Contains("is not supported", body.RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Plain_json_works_everywhere_and_other_types_nowhere(ElasticsearchEngine engine)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(engine);
        using var form = new StringContent("{}", Encoding.UTF8, "application/x-www-form-urlencoded");

        await elasticsearch.PostAsync("/_search", "{}");
        using var refused = await elasticsearch.Http.PostAsync("/_search", form);

        Assert.Equal(HttpStatusCode.NotAcceptable, refused.StatusCode);
    }

    [Theory]
    [InlineData(ElasticsearchEngine.Elasticsearch7, HttpStatusCode.OK)]
    [InlineData(ElasticsearchEngine.Elasticsearch8, HttpStatusCode.BadRequest)]
    public async Task The_old_interval_of_histograms_ended_with_7(ElasticsearchEngine engine, HttpStatusCode expected)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(engine);
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(ElasticsearchFixture.Now));

        await elasticsearch.SearchAsync("""{"aggs":{"t":{"date_histogram":{"field":"@timestamp","interval":"1h"}}}}""", expected: expected);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_point_in_time_is_walked_through_page_by_page_while_documents_arrive(ElasticsearchEngine engine)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(engine);
        var isOpenSearch = engine >= ElasticsearchEngine.OpenSearch2;
        await elasticsearch.IndexAsync(Enumerable.Range(0, 25).Select(i => ElasticsearchFixture.Access(ElasticsearchFixture.Now.AddSeconds(-i / 4))));
        var opened = await elasticsearch.PostAsync($"/logs-*/{(isOpenSearch ? "_search/point_in_time" : "_pit")}?keep_alive=1m", "");
        var id = opened.GetProperty(isOpenSearch ? "pit_id" : "id").GetString();

        var (seen, after, values) = (new HashSet<string>(), "", 0);
        for (var page = 0; page < 6; page++)
        {
            await elasticsearch.IndexAsync(ElasticsearchFixture.Access(ElasticsearchFixture.Now));
            var sort = engine is ElasticsearchEngine.OpenSearch2 ? """[{"@timestamp":"desc"},"_doc"]""" : """[{"@timestamp":"desc"}]""";
            var answer = await elasticsearch.PostAsync("/_search", "{\"size\":10,\"pit\":{\"id\":\"" + id + "\",\"keep_alive\":\"1m\"},\"sort\":" + sort + after + "}");
            var hits = answer.GetProperty("hits").GetProperty("hits").EnumerateArray().ToArray();
            if (hits is [])
                break;
            foreach (var hit in hits)
                Assert.True(seen.Add(hit.GetProperty("_id").GetString()!), "A document came twice.");
            values = hits[^1].GetProperty("sort").GetArrayLength();
            after = $",\"search_after\":{hits[^1].GetProperty("sort").GetRawText()}";
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(2, values);
        using var closing = new HttpRequestMessage(HttpMethod.Delete, isOpenSearch ? "/_search/point_in_time" : "/_pit")
        {
            Content = new StringContent(isOpenSearch ? $$"""{"pit_id":["{{id}}"]}""" : $$"""{"id":"{{id}}"}""", Encoding.UTF8, "application/json"),
        };
        using var closed = await elasticsearch.Http.SendAsync(closing);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        await elasticsearch.PostAsync("/_search", "{\"pit\":{\"id\":\"" + id + "\"}}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_point_in_time_ends_when_nobody_asks_for_it()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(ElasticsearchFixture.Now));
        var id = (await elasticsearch.PostAsync("/logs-*/_pit?keep_alive=1m", "")).GetProperty("id").GetString();

        elasticsearch.Clock.Advance(TimeSpan.FromMinutes(2));

        var answer = await elasticsearch.PostAsync("/_search", "{\"pit\":{\"id\":\"" + id + "\"}}", HttpStatusCode.NotFound);
        Assert.Equal("search_context_missing_exception", answer.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_shard_s_place_is_unknown_to_opensearch_2()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync(ElasticsearchEngine.OpenSearch2);
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(ElasticsearchFixture.Now));

        await elasticsearch.SearchAsync("""{"sort":["_shard_doc"]}""", expected: HttpStatusCode.BadRequest);
    }
}
