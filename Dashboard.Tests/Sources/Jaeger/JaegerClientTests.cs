using System.Net;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources.Jaeger;

public sealed class JaegerClientTests : IAsyncLifetime
{
    private static readonly TimeRange Range = TimeRange.Before(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5));

    private readonly FaultServer _server = new(Faults.Hang);
    private ServiceProvider _sources = null!;

    public ValueTask InitializeAsync()
    {
        _sources = TestSources.With(("Jaeger:Url", _server.Url), ("Jaeger:MaxResponseMegabytes", "1"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _sources.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_legacy_search_is_written_so()
    {
        _server.Reply = Legacy(Trace("a", 7_000));

        await SlowestAsync("shop & café");

        Assert.Equal("/api/traces?service=shop%20%26%20caf%C3%A9&start=1795348500000000&end=1795348799999999&limit=20", _server.Requests.Last().Target);
    }

    [Fact]
    public async Task The_v3_search_is_written_so()
    {
        _server.Reply = V3("""{"result":{"resourceSpans":[]}}""");

        await SlowestAsync("shop");

        Assert.Equal(
            "/api/v3/traces?query.service_name=shop&query.start_time_min=2026-11-22T11:55:00.000000Z&query.start_time_max=2026-11-22T11:59:59.999999Z&query.num_traces=20",
            _server.Requests.Last().Target);
    }

    [Fact]
    public async Task What_is_slower_than_the_last_one_is_asked_for_the_next_time()
    {
        _server.Reply = Legacy(Trace("a", 7_000));

        await SlowestAsync("shop");
        await SlowestAsync("shop");

        Assert.Equal("/api/traces?service=shop&start=1795348500000000&end=1795348799999999&limit=20&minDuration=7000us", _server.Requests.Last().Target);
    }

    [Fact]
    public async Task The_slowest_comes_with_what_is_known_of_it()
    {
        _server.Reply = Legacy(Trace("ABC", 7_000), Trace("b", 1_234_567));

        var answer = await SlowestAsync("shop");

        Assert.Equal(
            new SlowestSpan("b", "GET /b", TimeSpan.FromMicroseconds(1_234_567), Range.Start.AddSeconds(1), Sampled: false,
                "/api/traces?service=shop&start=1795348500000000&end=1795348799999999&limit=20"),
            answer.Value);
        Assert.Empty(answer.Warnings);
    }

    [Theory]
    [InlineData("""{"key":"sampler.type","type":"string","value":"probabilistic"},{"key":"sampler.param","type":"float64","value":0.1}""", true)]
    [InlineData("""{"key":"sampler.type","type":"string","value":"probabilistic"},{"key":"sampler.param","type":"float64","value":1}""", false)]
    [InlineData("""{"key":"sampler.type","type":"string","value":"const"},{"key":"sampler.param","type":"bool","value":true}""", false)]
    [InlineData("""{"key":"sampler.type","type":"string","value":"ratelimiting"},{"key":"sampler.param","type":"float64","value":2}""", true)]
    [InlineData("""{"key":"w3c.tracestate","type":"string","value":"rojo=1,ot=rv:12;th:c"}""", true)]
    [InlineData("""{"key":"w3c.tracestate","type":"string","value":"ot=th:0"}""", false)]
    [InlineData("""{"key":"sampling.probability","type":"float64","value":0.25}""", true)]
    public async Task Sampling_is_told_from_the_spans(string tags, bool sampled)
    {
        _server.Reply = Legacy(Trace("a", 7_000, tags));

        Assert.Equal(sampled, (await SlowestAsync("shop")).Value!.Sampled);
    }

    [Fact]
    public async Task Numbers_that_no_clock_can_tell_are_left_out_and_said_to_be()
    {
        _server.Reply = Legacy(Trace("a", 7_000), Trace("b", "18446744073709551615"), Trace("c", "\"9007199254740993\""), Trace("d", "1e300"), Trace("e", "-5"));

        var answer = await SlowestAsync("shop");

        Assert.Equal("a", answer.Value!.TraceId);
        Assert.Contains("longer than 30 days", Assert.Single(answer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenTelemetrys_form_is_read_with_kinds_and_times_as_numbers_or_texts()
    {
        _server.Reply = V3("""
            {"result":{"resourceSpans":[
              {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
               "scopeSpans":[{"spans":[
                {"traceId":"aa","name":"GET /a","kind":2,"startTimeUnixNano":"1795348501000000000","endTimeUnixNano":"1795348501007000999"},
                {"traceId":"bb","name":"GET /b","kind":"SPAN_KIND_SERVER","startTimeUnixNano":1795348502000000000,"endTimeUnixNano":1795348502009000000,"traceState":"ot=th:8"},
                {"traceId":"cc","name":"query","kind":3,"startTimeUnixNano":"1795348503000000000","endTimeUnixNano":"1795348504000000000"},
                null]}]},
              {"scopeSpans":[{"spans":[{"traceId":"dd","name":"x","kind":2,"startTimeUnixNano":"1795348503000000000","endTimeUnixNano":"1795348504000000000"}]}]}]}}
            """);

        var answer = await SlowestAsync("shop");

        Assert.Equal(("bb", "GET /b", TimeSpan.FromMilliseconds(9), true), (answer.Value!.TraceId, answer.Value.Operation, answer.Value.Duration, answer.Value.Sampled));
    }

    [Fact]
    public async Task That_v3_knows_no_traces_is_no_fault()
    {
        _server.Reply = V3("""{"error":{"httpCode":404,"message":"No traces found"}}""", HttpStatusCode.NotFound);

        Assert.Null((await SlowestAsync("shop")).Value);
    }

    [Fact]
    public async Task An_update_of_the_server_is_noticed_without_a_restart()
    {
        _server.Reply = Legacy(Trace("a", 7_000));
        await SlowestAsync("shop");
        _server.Reply = V3("""{"error":{"httpCode":404,"message":"No traces found"}}""", HttpStatusCode.NotFound);

        Assert.Null((await SlowestAsync("shop")).Value);
    }

    [Fact]
    public async Task Traces_too_long_to_be_read_are_asked_for_in_smaller_numbers()
    {
        _server.Reply = Faults.ByRequest(request => request.Path is "/api/traces" && int.Parse(request.Parameters["limit"]) > 5 ? Faults.Flood : Legacy(Trace("a", 7_000)));

        Assert.Equal("a", (await SlowestAsync("shop")).Value!.TraceId);
    }

    [Fact]
    public async Task A_search_that_stays_cut_off_is_said_to_be_and_ends()
    {
        var jobs = Enumerable.Range(0, 500).Select(i => Trace($"{i}", 60_000_000, kind: "internal")).ToArray();
        _server.Reply = Faults.ByRequest(request => Legacy([.. jobs.Take(int.TryParse(request.Parameters.GetValueOrDefault("limit"), out var limit) ? limit : 0)]));

        var answer = await SlowestAsync("shop");

        Assert.Null(answer.Value);
        Assert.Contains("cut off", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        Assert.InRange(_server.Requests.Count, 1, 12);
    }

    [Fact]
    public async Task A_reason_for_refusing_is_passed_on()
    {
        _server.Reply = Faults.ByRequest(request => request.Path is "/api/traces"
            ? Faults.Status(HttpStatusCode.BadRequest, """{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":400,"msg":"parameter 'service' is required"}]}""", "text/plain")
            : Legacy());

        var problem = await Assert.ThrowsAsync<SourceException>(() => SlowestAsync("shop"));

        Assert.Equal(FailureKind.Refused, problem.Failure.Kind);
        Assert.Equal("Jaeger refused the query: parameter 'service' is required.", problem.Failure.Message);
    }

    private static string Trace(string id, long duration, string tags = "", string kind = "server") => Trace(id, $"{duration}", tags, kind);

    private static string Trace(string id, string duration, string tags = "", string kind = "server") =>
        $$$"""
        {"traceID":"{{{id}}}","spans":[{"traceID":"{{{id}}}","spanID":"1","operationName":"GET /{{{id}}}","references":[],"startTime":1795348501000000,"duration":{{{duration}}},
          "tags":[{"key":"span.kind","type":"string","value":"{{{kind}}}"}{{{(tags.Length > 0 ? "," : "")}}}{{{tags}}}],"logs":[],"processID":"p1","warnings":null}],
         "processes":{"p1":{"serviceName":"shop","tags":[]}},"warnings":null}
        """;

    private static Fault Legacy(params string[] traces) => Faults.ByRequest(request => request.Path switch
    {
        "/api/services" => Faults.Json("""{"data":["shop"],"total":0,"limit":0,"offset":0,"errors":null}"""),
        "/api/traces" => Faults.Json($$"""{"data":[{{string.Join(',', traces)}}],"total":0,"limit":0,"offset":0,"errors":null}"""),
        _ => Faults.Html(),
    });

    private static Fault V3(string traces, HttpStatusCode status = HttpStatusCode.OK) => Faults.ByRequest(request => request.Path switch
    {
        "/api/v3/services" => Faults.Json("""{"services":["shop"]}"""),
        "/api/v3/traces" => Faults.Status(status, traces, "text/plain"),
        "/api/v3/trace-summaries" => Faults.Status(HttpStatusCode.BadRequest, """{"error":{"httpCode":400,"message":"malformed parameter"}}""", "text/plain"),
        _ => Faults.Status(HttpStatusCode.NotFound, "404 page not found", "text/plain"),
    });

    private Task<SourceAnswer<SlowestSpan?>> SlowestAsync(string service) =>
        _sources.GetRequiredService<ITraceSource>().SlowestAsync(service, Range, TestContext.Current.CancellationToken);
}
