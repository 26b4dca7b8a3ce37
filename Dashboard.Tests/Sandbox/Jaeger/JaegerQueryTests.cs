using System.Net;
using System.Text.Json;
using Dashboard.Sandbox.Jaeger;

namespace Dashboard.Tests.Sandbox.Jaeger;

public sealed class JaegerQueryTests
{
    private static readonly DateTimeOffset Now = JaegerFixture.Now;
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_legacy_search_without_a_start_finds_nothing()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        await jaeger.SendAsync(1, Now.AddSeconds(-1), TimeSpan.FromMilliseconds(5));

        var without = await jaeger.GetAsync("/api/traces?service=shop");
        var with = await jaeger.GetAsync($"/api/traces?service=shop&{JaegerFixture.LegacyRange(FiveMinutes)}");

        Assert.Equal(0, without.GetProperty("data").GetArrayLength());
        Assert.Equal(1, with.GetProperty("data").GetArrayLength());
        Assert.Equal(0, with.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, with.GetProperty("errors").ValueKind);
    }

    [Fact]
    public async Task A_search_is_capped_at_a_hundred_of_the_newest_in_no_order()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        for (var i = 1; i <= 130; i++)
            await jaeger.SendAsync((i * 37) % 131, Now.AddSeconds(-i), TimeSpan.FromMilliseconds(i));

        var found = await jaeger.GetAsync($"/api/traces?service=shop&{JaegerFixture.LegacyRange(FiveMinutes)}");

        long[] starts = [.. found.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("spans")[0].GetProperty("startTime").GetInt64())];
        Assert.Equal(100, starts.Length);
        Assert.All(starts, s => Assert.True(s >= JaegerFixture.Microseconds(Now.AddSeconds(-100))));
        Assert.False(starts.SequenceEqual(starts.Order()) || starts.SequenceEqual(starts.OrderDescending()));
    }

    [Theory]
    [InlineData("minDuration=100ms", 2)]
    [InlineData("minDuration=1.2s", 1)]
    [InlineData("maxDuration=99999us", 1)]
    [InlineData("minDuration=100ms&maxDuration=1s", 1)]
    [InlineData("tag=http.route:/slow", 1)]
    [InlineData("tags=%7B%22http.route%22%3A%22%2Fslow%22%2C%22http.response.status_code%22%3A%22200%22%7D", 1)]
    [InlineData("tag=error:true", 1)]
    [InlineData("tag=span.kind:server", 3)]
    [InlineData("operation=GET+%2Fother", 1)]
    [InlineData("limit=2", 2)]
    public async Task A_legacy_search_narrows(string parameters, int expected)
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(20));
        await jaeger.SendAsync(2, Now, TimeSpan.FromMilliseconds(100), name: "GET /other", failed: true);
        await jaeger.SendAsync(3, Now, TimeSpan.FromMilliseconds(1200), route: "/slow");

        var found = await jaeger.GetAsync($"/api/traces?service=shop&{JaegerFixture.LegacyRange(FiveMinutes)}&{parameters}");

        Assert.Equal(expected, found.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("service=", "parameter 'service' is required")]
    [InlineData("service=shop&minDuration=5", "unable to parse param 'minDuration'")]
    [InlineData("service=shop&start=yesterday", "unable to parse param 'start'")]
    [InlineData("service=shop&start=99999999999999999999", "unable to parse param 'start'")]
    [InlineData("service=shop&tag=none", "malformed 'tag' parameter")]
    [InlineData("service=shop&tags=[1]", "malformed tags")]
    public async Task A_bad_legacy_search_is_refused_in_json_that_calls_itself_plain_text(string parameters, string reason)
    {
        await using var jaeger = await JaegerFixture.StartAsync();

        using var answer = await jaeger.Http.GetAsync($"/api/traces?{parameters}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(reason, body.RootElement.GetProperty("errors")[0].GetProperty("msg").GetString());
    }

    [Fact]
    public async Task Many_traces_are_fetched_at_once_and_the_missing_are_named()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(20));

        var found = await jaeger.GetAsync($"/api/traces?traceID={JaegerFixture.Id(1)}&traceID=ff");

        Assert.Equal(1, found.GetProperty("data").GetArrayLength());
        Assert.Equal("ff", found.GetProperty("errors")[0].GetProperty("traceID").GetString());
    }

    [Theory]
    [InlineData("/api/traces/ff", HttpStatusCode.NotFound)]
    [InlineData("/api/traces/no-hex", HttpStatusCode.BadRequest)]
    [InlineData("/api/v3/traces/ff", HttpStatusCode.NotFound)]
    [InlineData("/api/v3/traces?query.service_name=shop&query.start_time_min=2026-11-20T11:00:00Z&query.start_time_max=2026-11-20T12:00:00Z", HttpStatusCode.NotFound)]
    [InlineData("/api/v3/traces?query.service_name=shop&query.start_time_max=2026-11-20T12:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("/api/v3/traces?query.service_name=shop&query.start_time_min=noon&query.start_time_max=2026-11-20T12:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("/api/v3/traces?query.start_time_min=2026-11-20T11:00:00Z&query.start_time_max=2026-11-20T12:00:00Z&query.duration_min=1", HttpStatusCode.BadRequest)]
    public async Task Nothing_found_is_a_404_and_a_bad_question_a_400(string path, HttpStatusCode expected)
    {
        await using var jaeger = await JaegerFixture.StartAsync();

        using var answer = await jaeger.Http.GetAsync(path);

        Assert.Equal(expected, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(body.RootElement.TryGetProperty("errors", out _) || body.RootElement.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task V3_writes_numbers_as_otlp_does()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(250), failed: true, value: new { arrayValue = new { values = new[] { new { doubleValue = 1.5 } } } });

        var found = await jaeger.GetAsync($"/api/v3/traces?query.service_name=shop&query.duration_min=250ms&query.num_traces=5&{JaegerFixture.V3Range(FiveMinutes)}");

        var span = found.GetProperty("result").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0];
        Assert.Equal(2, span.GetProperty("kind").GetInt32());
        Assert.Equal(2, span.GetProperty("status").GetProperty("code").GetInt32());
        var start = (Now - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.Equal(start.ToString(), span.GetProperty("startTimeUnixNano").GetString());
        Assert.Equal((start + 250_000_000).ToString(), span.GetProperty("endTimeUnixNano").GetString());
        Assert.Equal("200", span.GetProperty("attributes")[0].GetProperty("value").GetProperty("intValue").GetString());
        Assert.Equal(1.5, span.GetProperty("attributes")[1].GetProperty("value").GetProperty("arrayValue").GetProperty("values")[0].GetProperty("doubleValue").GetDouble());
        Assert.False(span.TryGetProperty("parentSpanId", out _));
    }

    [Fact]
    public async Task Summaries_count_spans_errors_and_orphans_by_service()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(50), name: "GET /cart");
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(10), service: "stock", span: 2, parent: 1, failed: true);
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(10), service: "stock", span: 3, parent: 9);

        var found = await jaeger.GetAsync($"/api/v3/trace-summaries?query.service_name=shop&{JaegerFixture.V3Range(FiveMinutes)}");

        var summary = found.GetProperty("summaries")[0];
        Assert.Equal("shop", summary.GetProperty("rootServiceName").GetString());
        Assert.Equal("GET /cart", summary.GetProperty("rootOperationName").GetString());
        Assert.Equal(3, summary.GetProperty("spanCount").GetInt32());
        Assert.Equal(1, summary.GetProperty("errorSpanCount").GetInt32());
        Assert.Equal(1, summary.GetProperty("orphanSpanCount").GetInt32());
        Assert.Equal(2, summary.GetProperty("services").GetArrayLength());
        Assert.False(summary.GetProperty("services")[0].TryGetProperty("errorSpanCount", out _));
    }

    [Fact]
    public async Task Dependencies_are_the_calls_between_services_in_the_time_asked_for()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        foreach (var (trace, at) in new[] { (1, Now), (2, Now.AddHours(-1)), (3, Now.AddHours(-30)) })
        {
            await jaeger.SendAsync(trace, at, TimeSpan.FromMilliseconds(50));
            await jaeger.SendAsync(trace, at, TimeSpan.FromMilliseconds(10), service: "stock", span: 2, parent: 1);
        }

        var day = await jaeger.GetAsync("/api/dependencies");
        var minutes = await jaeger.GetAsync($"/api/dependencies?endTs={Now.ToUnixTimeMilliseconds()}&lookback=60000");

        Assert.Equal("""[{"parent":"shop","child":"stock","callCount":2}]""", day.GetProperty("data").GetRawText());
        Assert.Equal("""[{"parent":"shop","child":"stock","callCount":1}]""", minutes.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Whole_numbers_that_javascript_cannot_hold_are_strings_in_the_legacy_view()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(50), value: new { intValue = "9007199254740993" });

        var found = await jaeger.GetAsync("/api/traces/1");

        var tag = found.GetProperty("data")[0].GetProperty("spans")[0].GetProperty("tags").EnumerateArray().Single(t => t.GetProperty("key").GetString() is "special");
        Assert.Equal("int64", tag.GetProperty("type").GetString());
        Assert.Equal("9007199254740993", tag.GetProperty("value").GetString());
    }

    [Fact]
    public async Task Services_and_operations_are_told_in_both_interfaces()
    {
        await using var jaeger = await JaegerFixture.StartAsync(JaegerGeneration.V1);
        await jaeger.SendAsync(1, Now, TimeSpan.FromMilliseconds(50), name: "GET /cart");

        Assert.Equal("""["shop"]""", (await jaeger.GetAsync("/api/services")).GetProperty("data").GetRawText());
        Assert.Equal("""["GET /cart"]""", (await jaeger.GetAsync("/api/services/shop/operations")).GetProperty("data").GetRawText());
        Assert.Equal("""[{"name":"GET /cart","spanKind":"server"}]""", (await jaeger.GetAsync("/api/operations?service=shop")).GetProperty("data").GetRawText());
        Assert.Equal("""["shop"]""", (await jaeger.GetAsync("/api/v3/services")).GetProperty("services").GetRawText());
        Assert.Equal("""[{"name":"GET /cart","spanKind":"server"}]""", (await jaeger.GetAsync("/api/v3/operations?service=shop")).GetProperty("operations").GetRawText());
    }
}
