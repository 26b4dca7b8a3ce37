using System.Net;
using System.Text.Json;
using Dashboard.Sandbox.Jaeger;

namespace Dashboard.Tests.Sandbox.Jaeger;

public sealed class JaegerGenerationTests
{
    public static TheoryData<JaegerGeneration> All => [.. Enum.GetValues<JaegerGeneration>()];

    [Theory]
    [InlineData(JaegerGeneration.V1, 200, "text/html")]
    [InlineData(JaegerGeneration.EarlyV2, 200, "text/html")]
    [InlineData(JaegerGeneration.V2_16, 404, "text/plain")]
    [InlineData(JaegerGeneration.V2_19, 400, "text/plain")]
    [InlineData(JaegerGeneration.V2_21, 400, "text/plain")]
    public async Task Trace_summaries_without_parameters_tell_the_generations_apart(JaegerGeneration generation, int status, string type)
    {
        await using var jaeger = await JaegerFixture.StartAsync(generation);

        using var answer = await jaeger.Http.GetAsync("/api/v3/trace-summaries");

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        if (status is 400)
        {
            using var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(400, error.RootElement.GetProperty("error").GetProperty("httpCode").GetInt32());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_legacy_search_is_there_until_2_20(JaegerGeneration generation)
    {
        await using var jaeger = await JaegerFixture.StartAsync(generation);

        foreach (var path in (string[])["/api/services", "/api/operations?service=shop", "/api/services/shop/operations", "/api/traces?service=shop"])
        {
            using var answer = await jaeger.Http.GetAsync(path);
            Assert.Equal(generation is JaegerGeneration.V2_21 ? HttpStatusCode.NotFound : HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_trace_is_found_by_id_in_every_generation_and_in_both_interfaces(JaegerGeneration generation)
    {
        await using var jaeger = await JaegerFixture.StartAsync(generation);
        await jaeger.SendAsync(0xabc, JaegerFixture.Now, TimeSpan.FromMilliseconds(12));

        var legacy = await jaeger.GetAsync("/api/traces/abc");
        var v3 = await jaeger.GetAsync($"/api/v3/traces/{JaegerFixture.Id(0xabc)}");

        Assert.Equal(12_000, legacy.GetProperty("data")[0].GetProperty("spans")[0].GetProperty("duration").GetInt64());
        Assert.Equal(JaegerFixture.Id(0xabc), v3.GetProperty("result").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0]
            .GetProperty("spans")[0].GetProperty("traceId").GetString());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Attributes_of_a_v3_search_are_ignored_before_2_19(JaegerGeneration generation)
    {
        await using var jaeger = await JaegerFixture.StartAsync(generation);
        await jaeger.SendAsync(1, JaegerFixture.Now, TimeSpan.FromMilliseconds(1), route: "/a");
        await jaeger.SendAsync(2, JaegerFixture.Now, TimeSpan.FromMilliseconds(1), route: "/b");

        var attributes = Uri.EscapeDataString("""{"http.route":"/a"}""");
        var found = await jaeger.GetAsync($"/api/v3/traces?query.service_name=shop&query.attributes={attributes}&{JaegerFixture.V3Range(TimeSpan.FromMinutes(5))}");

        Assert.Equal(generation < JaegerGeneration.V2_19 ? 2 : 1, found.GetProperty("result").GetProperty("resourceSpans").GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Names_in_camel_case_are_understood_from_2_19(JaegerGeneration generation)
    {
        await using var jaeger = await JaegerFixture.StartAsync(generation);
        await jaeger.SendAsync(1, JaegerFixture.Now, TimeSpan.FromMilliseconds(1));

        using var answer = await jaeger.Http.GetAsync(
            "/api/v3/traces?query.serviceName=shop&query.startTimeMin=2026-11-20T11:55:00Z&query.startTimeMax=2026-11-20T12:00:00Z");

        Assert.Equal(generation < JaegerGeneration.V2_19 ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(JaegerGeneration.V1, "latencies", 501)]
    [InlineData(JaegerGeneration.V2_21, "errors", 501)]
    [InlineData(JaegerGeneration.EarlyV2, "minstep", 501)]
    [InlineData(JaegerGeneration.V2_19, "minstep", 404)]
    public async Task Metrics_are_not_there_without_their_own_storage(JaegerGeneration generation, string metric, int status)
    {
        await using var jaeger = await JaegerFixture.StartAsync(generation);

        using var answer = await jaeger.Http.GetAsync($"/api/metrics/{metric}?service=shop");

        Assert.Equal(status, (int)answer.StatusCode);
    }
}
