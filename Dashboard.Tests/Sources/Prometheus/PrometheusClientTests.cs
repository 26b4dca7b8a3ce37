using System.Net;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources.Prometheus;

public sealed class PrometheusClientTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FaultServer _server = new(Faults.Hang);
    private ServiceProvider _sources = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IMetricSource Metrics => _sources.GetRequiredService<IMetricSource>();

    public ValueTask InitializeAsync()
    {
        _sources = TestSources.With(("Prometheus:Url", _server.Url + "/prefix"), ("Prometheus:Tenant", "team-a"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _sources.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_vector_comes_with_its_labels_and_the_moment_it_was_evaluated_at()
    {
        Answers("""{"resultType":"vector","result":[{"metric":{"code":"500"},"value":[1795348800.25,"8.29"]},{"metric":{},"value":[1795348800.25,"1e3"]}]}""");

        var answer = await Metrics.QueryAsync("sum by (code) (rate(requests[5m]))", null, Cancellation);

        Assert.Equal([8.29, 1000], answer.Value.Select(s => s.Value));
        Assert.Equal("500", answer.Value[0].Labels["code"]);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 12, 0, 0, 250, TimeSpan.Zero), answer.Value[0].At);
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task The_query_goes_as_a_form_that_forbids_partial_answers()
    {
        Answers("""{"resultType":"vector","result":[]}""");

        await Metrics.QueryAsync("sum(rate(requests{route=\"/a&b\"}[5m]))", Noon, Cancellation);

        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/prefix/api/v1/query"), (request.Method, request.Target));
        Assert.Equal("sum(rate(requests{route=\"/a&b\"}[5m]))", request.Parameters["query"]);
        Assert.Equal("1795348800", request.Parameters["time"]);
        Assert.Equal("false", request.Parameters["partial_response"]);
        Assert.InRange(double.Parse(request.Parameters["timeout"]), 8, 9);
        Assert.Equal("team-a", request.Headers["X-Scope-OrgID"]);
    }

    [Fact]
    public async Task A_moment_is_not_sent_when_now_is_asked_for_so_that_the_servers_clock_counts()
    {
        Answers("""{"resultType":"vector","result":[]}""");

        await Metrics.QueryAsync("up", null, Cancellation);

        Assert.False(Assert.Single(_server.Requests).Parameters.ContainsKey("time"));
    }

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("+Inf", double.PositiveInfinity)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("1.7976931348623157e+308", double.MaxValue)]
    public async Task Values_beyond_numbers_come_through_as_they_are(string written, double value)
    {
        Answers($$"""{"resultType":"vector","result":[{"metric":{},"value":[1795348800,"{{written}}"]}]}""");

        Assert.Equal(value, Assert.Single((await Metrics.QueryAsync("0/0", null, Cancellation)).Value).Value);
    }

    [Fact]
    public async Task A_scalar_is_one_sample_without_labels()
    {
        Answers("""{"resultType":"scalar","result":[1795348800,"42"]}""");

        var sample = Assert.Single((await Metrics.QueryAsync("42", null, Cancellation)).Value);

        Assert.Equal((42, 0), (sample.Value, sample.Labels.Count));
    }

    [Fact]
    public async Task An_empty_result_is_an_answer()
    {
        Answers("""{"resultType":"vector","result":[]}""");

        Assert.Empty((await Metrics.QueryAsync("nothing", null, Cancellation)).Value);
    }

    [Fact]
    public async Task A_range_where_a_moment_is_expected_is_refused_with_what_to_do()
    {
        Answers("""{"resultType":"matrix","result":[{"metric":{},"values":[[1795348800,"1"]]}]}""");

        var failure = await FailureOf(() => Metrics.QueryAsync("up[5m]", null, Cancellation));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("rate()", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_are_passed_on_and_so_are_infos_that_put_the_value_in_doubt()
    {
        _server.Reply = Faults.Gzip("""
            {"status":"success","data":{"resultType":"vector","result":[]},
             "warnings":["store 10.0.0.7 did not answer","store 10.0.0.7 did not answer"],
             "infos":["PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"x\" (1:6)",
                      "PromQL info: input to histogram_quantile needed to be fixed for monotonicity"]}
            """);

        var answer = await Metrics.QueryAsync("up", null, Cancellation);

        Assert.Equal(["store 10.0.0.7 did not answer.", "PromQL info: input to histogram_quantile needed to be fixed for monotonicity."], answer.Warnings);
    }

    [Fact]
    public async Task A_native_histogram_is_left_out_and_said_to_be()
    {
        Answers("""
            {"resultType":"vector","result":[{"metric":{},"histogram":[1795348800,{"count":"4","sum":"2.5","buckets":[[0,"0.5","1","4"]]}]},
             {"metric":{"a":"b"},"value":[1795348800,"1"]}]}
            """);

        var answer = await Metrics.QueryAsync("requests", null, Cancellation);

        Assert.Equal(1, Assert.Single(answer.Value).Value);
        Assert.Contains("histogram_quantile()", Assert.Single(answer.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "bad_data", "invalid parameter \\\"query\\\": 1:13: parse error", FailureKind.Refused)]
    [InlineData(422, "execution", "found duplicate series", FailureKind.Refused)]
    [InlineData(422, "execution", "expanding series: context deadline exceeded", FailureKind.TimedOut)]
    [InlineData(503, "timeout", "query timed out in query execution", FailureKind.TimedOut)]
    [InlineData(500, "internal", "opening storage failed", FailureKind.Failed)]
    [InlineData(422, "err-mimir-max-query-length", "the query time range exceeds the limit", FailureKind.Refused)]
    public async Task An_error_is_told_with_its_reason(int status, string type, string error, FailureKind kind)
    {
        _server.Reply = Faults.Status((HttpStatusCode)status, $$"""{"status":"error","errorType":"{{type}}","error":"{{error}}"}""");

        var failure = await FailureOf(() => Metrics.QueryAsync("sum(", null, Cancellation));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(error.Replace("\\", "", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_took_too_long_is_not_asked_again_at_once()
    {
        _server.Reply = Faults.Status(HttpStatusCode.ServiceUnavailable, """{"status":"error","errorType":"timeout","error":"query timed out"}""");

        await FailureOf(() => Metrics.QueryAsync("heavy", null, Cancellation));

        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_range_is_asked_for_at_multiples_of_the_step_and_non_finite_values_are_gaps()
    {
        Answers("""{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1795348800,"1"],[1795348815,"NaN"],[1795348830,"+Inf"],[1795348845,"4"]]}]}""");

        var answer = await Metrics.QueryRangeAsync("up", new TimeRange(Noon.AddSeconds(-7), Noon.AddSeconds(53)), TimeSpan.FromSeconds(15), Cancellation);

        var request = Assert.Single(_server.Requests);
        Assert.Equal(("1795348800", "1795348845", "15"), (request.Parameters["start"], request.Parameters["end"], request.Parameters["step"]));
        var series = Assert.Single(answer.Value);
        Assert.Equal("b", series.Labels["a"]);
        Assert.Equal([new Sample(Noon, 1), new Sample(Noon.AddSeconds(45), 4)], series.Series.Samples);
    }

    [Fact]
    public async Task A_long_range_is_asked_for_in_parts_and_joined_again()
    {
        _server.Reply = Faults.ByRequest(request => Faults.Json($$$"""
            {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[{{{request.Parameters["start"]}}},"1"],[{{{request.Parameters["end"]}}},"2"]]}]}}
            """));

        var answer = await Metrics.QueryRangeAsync("up", TimeRange.Before(Noon, TimeSpan.FromDays(7)), TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(2, _server.Requests.Count);
        var samples = Assert.Single(answer.Value).Series.Samples;
        Assert.Equal([Noon.AddDays(-7), Noon.AddDays(-7).AddSeconds(30 * 10_999), Noon.AddDays(-7).AddSeconds(30 * 11_000), Noon.AddSeconds(-30)], samples.Select(s => s.At));
    }

    [Fact]
    public async Task Metric_names_are_those_of_the_range()
    {
        _server.Reply = Faults.Json("""{"status":"success","data":["up","http_requests_total"]}""");

        var answer = await Metrics.MetricNamesAsync(TimeRange.Before(Noon, TimeSpan.FromHours(1)), Cancellation);

        Assert.Equal(["up", "http_requests_total"], answer.Value);
        Assert.Equal("/prefix/api/v1/label/__name__/values?start=1795345200&end=1795348800&partial_response=false", Assert.Single(_server.Requests).Target);
    }

    [Fact]
    public async Task A_probe_tells_the_version()
    {
        _server.Reply = Faults.Json("""{"status":"success","data":{"version":"2.42.0","revision":"x"}}""");

        Assert.Equal("2.42.0", (await ProbeAsync()).Version);
    }

    [Fact]
    public async Task A_server_that_does_not_say_what_it_is_is_probed_with_a_query()
    {
        _server.Reply = Faults.ByRequest(request => request.Path.EndsWith("/query", StringComparison.Ordinal)
            ? Faults.Json("""{"status":"success","data":{"resultType":"scalar","result":[1795348800,"1"]}}""")
            : Faults.Status(HttpStatusCode.NotFound, "404 page not found", "text/plain"));

        Assert.Null((await ProbeAsync()).Version);
    }

    [Fact]
    public async Task A_server_that_answers_neither_fails_the_probe()
    {
        _server.Reply = Faults.Status(HttpStatusCode.NotFound, "404 page not found", "text/plain");

        var failure = await FailureOf(ProbeAsync);

        Assert.Equal(FailureKind.NotUnderstood, failure.Kind);
        Assert.Equal("Prometheus answered 404 NotFound with something else than the JSON of its interface: text/plain: \"404 page not found\".", failure.Message);
        Assert.Contains("Sources:Prometheus:Url", failure.Hint, StringComparison.Ordinal);
    }

    private static async Task<SourceFailure> FailureOf<T>(Func<Task<T>> ask) => (await Assert.ThrowsAsync<SourceException>(ask)).Failure;

    private async Task<SourceIdentity> ProbeAsync() =>
        (await _sources.GetServices<ISourceProbe>().Single(p => p.Source is Core.Kpis.SourceKind.Prometheus).ProbeAsync(Cancellation)).Value;

    private void Answers(string data) => _server.Reply = Faults.Json("{\"status\":\"success\",\"data\":" + data + "}");
}
