using Dashboard.Sandbox.Elasticsearch;
using Dashboard.Sandbox.Jaeger;
using Dashboard.Sandbox.Story;

namespace Dashboard.Tests.Sandbox.Elasticsearch;

public sealed class LogHistoryTests(LogHistoryTests.Past past) : IClassFixture<LogHistoryTests.Past>
{
    public sealed class Past : IAsyncLifetime
    {
        internal SandboxStory Story { get; } = new(ElasticsearchFixture.Now);

        internal ElasticsearchFixture Elasticsearch { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Elasticsearch = await ElasticsearchFixture.StartAsync(with: o => o with { History = new RequestHistory(Story) });

        public ValueTask DisposeAsync() => Elasticsearch.DisposeAsync();
    }

    [Fact]
    public async Task The_past_is_bounded_and_lies_in_an_index_for_each_day()
    {
        Assert.InRange(past.Elasticsearch.Server.DocumentCount, 20_000, LogHistory.MostDocuments);
        Assert.InRange(past.Elasticsearch.Server.IndexBytes, 1, 64 * 1024 * 1024);
        Assert.Equal(
            past.Elasticsearch.Server.DocumentCount,
            await past.Elasticsearch.CountAsync("_index:(logs-reconciliation-2026.11.20 OR logs-reconciliation-2026.11.17)"));
    }

    [Fact]
    public async Task Timeouts_lie_in_the_partner_s_incident_alone_and_have_a_trace()
    {
        var (start, end) = (past.Story.PartnerTimeouts.Start, past.Story.PartnerTimeouts.End.AddSeconds(3));
        var timeouts = await past.Elasticsearch.CountAsync("event.dataset:access AND error.type:timeout");

        Assert.True(timeouts > 10);
        Assert.Equal(timeouts, await past.Elasticsearch.CountAsync("event.dataset:application AND error.type:timeout AND log.logger:*PartnerClient"));

        var store = new SpanStore(100_000, 80 * 1024 * 1024);
        TraceHistory.Fill(store, new RequestHistory(past.Story));
        var hits = (await past.Elasticsearch.SearchAsync("""{"size":1000,"query":{"query_string":{"query":"event.dataset:access AND error.type:timeout"}}}"""))
            .GetProperty("hits").GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("_source")).ToArray();
        Assert.All(hits, hit =>
        {
            Assert.InRange(hit.GetProperty("@timestamp").GetDateTimeOffset(), start, end);
            var trace = store.Get(TraceIds.Parse(hit.GetProperty("trace.id").GetString()!)!.Value);
            Assert.NotNull(trace);
            Assert.Contains(trace, s => s.Attributes.Contains(new SpanAttribute("error.type", "timeout")) && s.Kind is 3);
        });
    }

    [Fact]
    public async Task The_bad_version_s_slow_statements_are_in_the_logs_as_in_the_traces()
    {
        Assert.True(await past.Elasticsearch.CountAsync("event.dataset:application AND service.version:1.14.2 AND message:ledger_entries") > 20);
        Assert.Equal(0, await past.Elasticsearch.CountAsync("service.version:1.14.2 AND @timestamp:[now-1d TO now]"));
    }

    [Fact]
    public async Task The_rate_of_timeouts_of_the_last_five_minutes_can_be_read()
    {
        var answer = await past.Elasticsearch.SearchAsync(
            """
            {"size":0,"track_total_hits":true,"query":{"bool":{"filter":[{"query_string":{"query":"event.dataset:access"}},{"range":{"@timestamp":{"gte":"now-5m","lt":"now"}}}]}},
             "aggs":{"matching":{"filter":{"query_string":{"query":"error.type:timeout"}}},"newest":{"max":{"field":"@timestamp"}}}}
            """);

        Assert.InRange(answer.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt32(), 5_000, 15_000);
        Assert.Equal(0, answer.GetProperty("aggregations").GetProperty("matching").GetProperty("doc_count").GetInt32());
        Assert.True(answer.GetProperty("aggregations").GetProperty("newest").GetProperty("value").GetDouble() > ElasticsearchFixture.Now.AddSeconds(-2).ToUnixTimeMilliseconds());
    }
}
