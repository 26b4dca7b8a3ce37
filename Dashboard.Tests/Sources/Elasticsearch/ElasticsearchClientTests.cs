using System.Net;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources.Elasticsearch;

public sealed class ElasticsearchClientTests : IAsyncLifetime
{
    private const string Timeouts = "error.type:timeout";
    private const string Access = "event.dataset:\"access\"";

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Range = TimeRange.Before(Noon, TimeSpan.FromMinutes(5));

    private readonly FaultServer _server = new(Faults.Hang);
    private ServiceProvider _sources = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ILogSource Logs => _sources.GetRequiredService<ILogSource>();

    public ValueTask InitializeAsync()
    {
        _sources = TestSources.With(("Elasticsearch:Url", _server.Url + "/es/"), ("Elasticsearch:Index", "logs-*,old"), ("Elasticsearch:ApiKey", "aWQ6a2V5"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _sources.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Counting_is_one_search_that_is_written_so()
    {
        Answers("""{"total":{"value":1200,"relation":"eq"}}""", """{"matching":{"doc_count":3},"newest":{"value":1.795348799123E12}}""");

        var answer = await Logs.CountAsync(Timeouts, Access, Range, Cancellation);

        var body = """{"size":0,"track_total_hits":true,"query":{"bool":{"filter":[{"range":{"@timestamp":{"gte":"2026-11-22T11:55:00.000Z","lt":"2026-11-22T12:00:00.000Z"}}},{"query_string":{"query":"event.dataset:\"access\""}}]}},"aggs":{"matching":{"filter":{"query_string":{"query":"error.type:timeout"}}},"newest":{"max":{"field":"@timestamp"}}}}""";
        Assert.Equal(new LogCounts(Range.Start, 3, 1200, Noon.AddMilliseconds(-877), body), answer.Value);
        Assert.Empty(answer.Warnings);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/es/logs-*,old/_search?ignore_unavailable=true&allow_no_indices=true", body), (request.Method, request.Target, request.Body));
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("application/json", request.Headers["Accept"]);
        Assert.Equal("ApiKey aWQ6a2V5", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Counting_by_time_is_one_search_of_the_whole_intervals_that_is_written_so()
    {
        Answers("""{"total":{"value":12,"relation":"eq"}}""", """
            {"times":{"buckets":[
              {"key_as_string":"2026-11-22T11:56:00.000Z","key":1795348560000,"doc_count":7,"matching":{"doc_count":1},"newest":{"value":1.795348619E12}},
              {"key_as_string":"2026-11-22T11:58:00.000Z","key":1795348680000,"doc_count":0,"matching":{"doc_count":0},"newest":{"value":null}}]}}
            """);

        var answer = await Logs.CountByTimeAsync(Timeouts, "*", Range, TimeSpan.FromMinutes(2), Cancellation);

        var body = """{"size":0,"track_total_hits":true,"query":{"bool":{"filter":[{"range":{"@timestamp":{"gte":"2026-11-22T11:56:00.000Z","lt":"2026-11-22T12:00:00.000Z"}}},{"query_string":{"query":"*"}}]}},"aggs":{"times":{"date_histogram":{"field":"@timestamp","fixed_interval":"2m","min_doc_count":0,"extended_bounds":{"min":1795348560000,"max":1795348680000}},"aggs":{"matching":{"filter":{"query_string":{"query":"error.type:timeout"}}},"newest":{"max":{"field":"@timestamp"}}}}}}""";
        Assert.Equal(body, Assert.Single(_server.Requests).Body);
        Assert.Equal(
            [new LogCounts(Noon.AddMinutes(-4), 1, 7, Noon.AddSeconds(-181), body), new LogCounts(Noon.AddMinutes(-2), 0, 0, null, body)],
            answer.Value);
    }

    [Theory]
    [InlineData("00:00:00.250", "250ms")]
    [InlineData("00:00:30", "30s")]
    [InlineData("02:00:00", "2h")]
    [InlineData("01:30:00", "90m")]
    [InlineData("1.00:00:00", "1d")]
    public async Task An_interval_is_written_in_the_largest_unit_that_holds_it(string interval, string written)
    {
        Answers("""{"total":{"value":0,"relation":"eq"}}""", """{"times":{"buckets":[]}}""");

        var length = TimeSpan.Parse(interval);
        await Logs.CountByTimeAsync(Timeouts, Access, TimeRange.Before(Noon, length * 3), length, Cancellation);

        Assert.Contains($"\"fixed_interval\":\"{written}\"", Assert.Single(_server.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_without_a_whole_interval_asks_nothing()
    {
        Assert.Empty((await Logs.CountByTimeAsync(Timeouts, Access, Range, TimeSpan.FromHours(1), Cancellation)).Value);

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task What_a_query_holds_cannot_leave_its_quotes()
    {
        Answers("""{"total":{"value":0,"relation":"eq"}}""", """{"matching":{"doc_count":0},"newest":{"value":null}}""");

        await Logs.CountAsync("\"}},\"size\":1000,{\"x\":\"\\", "*", Range, Cancellation);

        Assert.Contains("""{"query_string":{"query":"\"}},\"size\":1000,{\"x\":\"\\"}}""", Assert.Single(_server.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_some_shards_failed_or_ran_out_of_time_is_told()
    {
        _server.Reply = Faults.Json("""
            {"timed_out":true,"_shards":{"total":5,"successful":3,"failed":2,"failures":[{"shard":0,"index":"logs-1","reason":{"type":"x","reason":"no space left"}}]},
             "hits":{"total":{"value":10,"relation":"gte"}},"aggregations":{"matching":{"doc_count":0},"newest":{"value":1.7953488E12}}}
            """);

        var answer = await Logs.CountAsync(Timeouts, Access, Range, Cancellation);

        Assert.Equal(
            ["2 of 5 shards failed: no space left.", "The search ran out of time before it had seen all documents.", "The number of documents is a lower bound."],
            answer.Warnings);
    }

    [Fact]
    public async Task That_all_shards_failed_is_a_failure()
    {
        _server.Reply = Faults.Json("""
            {"timed_out":false,"_shards":{"total":1,"successful":0,"failed":1,"failures":[{"reason":{"type":"x","reason":"no space left"}}]},
             "hits":{"total":{"value":0,"relation":"eq"}},"aggregations":{"matching":{"doc_count":0},"newest":{"value":null}}}
            """);

        var failure = await FailureAsync();

        Assert.Equal(FailureKind.Failed, failure.Kind);
        Assert.Contains("all 1 shards failed: no space left", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_no_index_matches_is_told_and_is_no_count()
    {
        _server.Reply = Faults.Json("""{"timed_out":false,"_shards":{"total":0,"successful":0,"failed":0},"hits":{"total":{"value":0,"relation":"eq"},"hits":[]}}""");

        var answer = await Logs.CountAsync(Timeouts, Access, Range, Cancellation);

        Assert.Equal((0, 0, null), (answer.Value.Matching, answer.Value.Among, answer.Value.Newest));
        Assert.Equal(["No index matches logs-*,old."], answer.Warnings);
    }

    [Theory]
    [InlineData(400, """{"error":{"root_cause":[{"type":"query_shard_exception","reason":"Failed to parse query [a:(]"}],"type":"search_phase_execution_exception","reason":"all shards failed"},"status":400}""",
        FailureKind.Refused, "Elasticsearch refused the query: Failed to parse query [a:(].")]
    [InlineData(406, """{"error":"Content-Type header [x] is not supported","status":406}""", FailureKind.Refused, "Elasticsearch refused the query: Content-Type header [x] is not supported.")]
    [InlineData(503, """{"error":{"type":"cluster_block_exception","reason":"blocked by: no master"},"status":503}""", FailureKind.Failed, "Elasticsearch failed with 503 ServiceUnavailable: blocked by: no master.")]
    [InlineData(429, """{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"},"status":429}""", FailureKind.Resting, "Elasticsearch asks to be asked less often (429): rejected execution.")]
    public async Task An_error_is_told_with_its_reason(int status, string body, FailureKind kind, string message)
    {
        _server.Reply = Faults.Status((HttpStatusCode)status, body);

        var failure = await FailureAsync();

        Assert.Equal((kind, message), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("""{"name":"n","version":{"number":"8.19.2","build_flavor":"default"},"tagline":"You Know, for Search"}""", "8.19.2", "Elasticsearch")]
    [InlineData("""{"name":"n","version":{"distribution":"opensearch","number":"2.19.1"}}""", "2.19.1", "OpenSearch")]
    public async Task A_probe_tells_the_engine_and_its_version(string body, string version, string engine)
    {
        _server.Reply = Faults.Json(body);

        var identity = await ProbeAsync();

        Assert.Equal((version, engine), (identity.Version, identity.Dialect));
        Assert.Empty(identity.Degraded);
    }

    [Fact]
    public async Task A_key_that_may_only_search_is_good_enough()
    {
        _server.Reply = Faults.ByRequest(request => request.Method is "GET"
            ? Faults.Status(HttpStatusCode.Forbidden, """{"error":{"type":"security_exception","reason":"no"},"status":403}""")
            : Faults.Json("""{"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":0,"relation":"eq"}},"aggregations":{"matching":{"doc_count":0},"newest":{"value":null}}}"""));

        Assert.Equal(["The dashboard's user may not ask for the version."], (await ProbeAsync()).Degraded);
    }

    private void Answers(string hits, string aggregations) => _server.Reply = Faults.Json(
        "{\"timed_out\":false,\"_shards\":{\"total\":2,\"successful\":2,\"failed\":0},\"hits\":" + hits + ",\"aggregations\":" + aggregations + "}");

    private async Task<SourceFailure> FailureAsync() =>
        (await Assert.ThrowsAsync<SourceException>(() => Logs.CountAsync(Timeouts, Access, Range, Cancellation))).Failure;

    private async Task<SourceIdentity> ProbeAsync() =>
        (await _sources.GetServices<ISourceProbe>().Single(p => p.Source is SourceKind.Elasticsearch).ProbeAsync(Cancellation)).Value;
}
