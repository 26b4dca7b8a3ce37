using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace Dashboard.Tests.Sandbox.Elasticsearch;

public sealed class AggregationTests
{
    private static readonly DateTimeOffset Now = ElasticsearchFixture.Now;
    private static readonly int[] Statuses = [200, 404, 500, 504];

    private static readonly Gen<(int Second, int Status, double Milliseconds, string Route)> Document =
        Gen.Select(
            Gen.Int[0, 3_599], Gen.Int[0, 3].Select(i => Statuses[i]),
            Gen.Int[1, 2_000].Select(i => (double)i), Gen.Int[0, 3].Select(i => "/" + "abcd"[i]));

    [Fact]
    public async Task Aggregations_are_what_plain_arithmetic_says()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        var number = 0;
        await Document.List[0, 60].SampleAsync(async documents =>
        {
            var index = $"/logs-{Interlocked.Increment(ref number)}";
            await elasticsearch.BulkAsync(
                ["""{"index":{}}""", """{"warm":true,"http.route":"/a","event.duration":1,"http.response.status_code":200}""", .. documents.SelectMany(d => (string[])
                    ["""{"index":{}}""", ElasticsearchFixture.Access(Now.AddHours(-1).AddSeconds(d.Second), d.Status, d.Milliseconds, d.Route)])],
                $"{index}/_bulk?refresh=true");

            var answer = (await elasticsearch.SearchAsync(
                """
                {"size":0,"query":{"query_string":{"query":"event.dataset:access"}},"aggs":{
                  "by_time":{"date_histogram":{"field":"@timestamp","fixed_interval":"5m","min_doc_count":0,"extended_bounds":{"min":"now-1h","max":"now-1s"}},
                    "aggs":{"failed":{"filter":{"range":{"http.response.status_code":{"gte":500}}}}}},
                  "routes":{"terms":{"field":"http.route","size":2},"aggs":{"slowest":{"max":{"field":"event.duration"}}}},
                  "kinds":{"filters":{"filters":{"ok":{"term":{"http.response.status_code":200}},"bad":{"range":{"http.response.status_code":{"gte":400}}}}}},
                  "max":{"max":{"field":"event.duration"}},"min":{"min":{"field":"event.duration"}},"avg":{"avg":{"field":"event.duration"}},
                  "count":{"value_count":{"field":"http.route"}},"codes":{"cardinality":{"field":"http.response.status_code"}},
                  "median":{"percentiles":{"field":"event.duration","percents":[50]}},"newest":{"max":{"field":"@timestamp"}}}}
                """,
                index)).GetProperty("aggregations");

            var buckets = answer.GetProperty("by_time").GetProperty("buckets").EnumerateArray().ToArray();
            Assert.Equal(12, buckets.Length);
            for (var i = 0; i < 12; i++)
            {
                var inside = documents.Where(d => d.Second / 300 == i).ToArray();
                Assert.Equal(Now.AddHours(-1).AddMinutes(5 * i).ToUnixTimeMilliseconds(), buckets[i].GetProperty("key").GetInt64());
                Assert.Equal(inside.Length, buckets[i].GetProperty("doc_count").GetInt32());
                Assert.Equal(inside.Count(d => d.Status >= 500), buckets[i].GetProperty("failed").GetProperty("doc_count").GetInt32());
            }

            var routes = documents.GroupBy(d => d.Route).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToArray();
            Assert.Equal(
                routes.Take(2).Select(g => $"{g.Key} {g.Count()} {g.Max(d => d.Milliseconds) * 1e6:0}"),
                answer.GetProperty("routes").GetProperty("buckets").EnumerateArray().Select(b =>
                    $"{b.GetProperty("key")} {b.GetProperty("doc_count")} {b.GetProperty("slowest").GetProperty("value").GetDouble():0}"));
            Assert.Equal(routes.Skip(2).Sum(g => g.Count()), answer.GetProperty("routes").GetProperty("sum_other_doc_count").GetInt32());
            Assert.Equal(documents.Count(d => d.Status is 200), answer.GetProperty("kinds").GetProperty("buckets").GetProperty("ok").GetProperty("doc_count").GetInt32());
            Assert.Equal(documents.Count(d => d.Status >= 400), answer.GetProperty("kinds").GetProperty("buckets").GetProperty("bad").GetProperty("doc_count").GetInt32());
            Assert.Equal(documents.Count, Value(answer, "count"));
            Assert.Equal(documents.Select(d => d.Status).Distinct().Count(), Value(answer, "codes"));
            if (documents.Count is 0)
            {
                Assert.Null(Value(answer, "max"));
                Assert.Null(Value(answer, "avg"));
                Assert.Equal(JsonValueKind.Null, answer.GetProperty("median").GetProperty("values").GetProperty("50.0").ValueKind);
                return;
            }

            var durations = documents.Select(d => d.Milliseconds * 1e6).Order().ToArray();
            Assert.Equal(durations[^1], Value(answer, "max"));
            Assert.Equal(durations[0], Value(answer, "min"));
            Assert.Equal(durations.Average(), Value(answer, "avg")!.Value, 1.0);
            Assert.Equal((durations[(durations.Length - 1) / 2] + durations[durations.Length / 2]) / 2, answer.GetProperty("median").GetProperty("values").GetProperty("50.0").GetDouble(), 1.0);
            Assert.Equal(Now.AddHours(-1).AddSeconds(documents.Max(d => d.Second)).ToUnixTimeMilliseconds(), Value(answer, "newest"));
        }, iter: 25, threads: 1);
    }

    [Theory]
    [InlineData("""{"_key":"asc"}""", "/a /b /c")]
    [InlineData("""{"_key":"desc"}""", "/c /b /a")]
    [InlineData("""{"slowest":"desc"}""", "/b /c /a")]
    [InlineData("""[{"_count":"asc"},{"_key":"desc"}]""", "/c /b /a")]
    public async Task Terms_come_in_the_order_asked_for(string order, string expected)
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(
            ElasticsearchFixture.Access(Now, milliseconds: 1, route: "/a"), ElasticsearchFixture.Access(Now, milliseconds: 1, route: "/a"),
            ElasticsearchFixture.Access(Now, milliseconds: 9, route: "/b"), ElasticsearchFixture.Access(Now, milliseconds: 5, route: "/c"));

        var answer = await elasticsearch.SearchAsync(
            """{"size":0,"aggs":{"r":{"terms":{"field":"http.route","order":ORDER},"aggs":{"slowest":{"max":{"field":"event.duration"}}}}}}""".Replace("ORDER", order));

        Assert.Equal(expected, string.Join(' ', answer.GetProperty("aggregations").GetProperty("r").GetProperty("buckets").EnumerateArray().Select(b => b.GetProperty("key"))));
    }

    [Fact]
    public async Task Terms_of_numbers_keep_their_type()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(Now, 200), ElasticsearchFixture.Access(Now, 200), ElasticsearchFixture.Access(Now, 404));

        var answer = await elasticsearch.SearchAsync("""{"size":0,"aggs":{"r":{"terms":{"field":"http.response.status_code"}}}}""");

        Assert.Equal("""[{"key":200,"doc_count":2},{"key":404,"doc_count":1}]""", answer.GetProperty("aggregations").GetProperty("r").GetProperty("buckets").GetRawText());
    }

    [Fact]
    public async Task Too_many_buckets_are_refused()
    {
        await using var elasticsearch = await ElasticsearchFixture.StartAsync();
        await elasticsearch.IndexAsync(ElasticsearchFixture.Access(Now));

        var answer = await elasticsearch.SearchAsync(
            """{"aggs":{"r":{"date_histogram":{"field":"@timestamp","fixed_interval":"1s","extended_bounds":{"min":"now-10d","max":"now"}}}}}""", expected: System.Net.HttpStatusCode.BadRequest);

        Assert.Equal("too_many_buckets_exception", answer.GetProperty("error").GetProperty("root_cause")[0].GetProperty("type").GetString());
    }

    private static double? Value(JsonElement aggregations, string name) =>
        aggregations.GetProperty(name).GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? double.Parse(value.GetRawText(), CultureInfo.InvariantCulture) : null;
}
