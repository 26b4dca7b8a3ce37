using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dashboard.Tests.Sandbox.Jaeger;

public sealed class OtlpEndpointTests
{
    [Fact]
    public async Task Spans_of_the_real_exporter_come_out_of_the_query_interface()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        using var source = new ActivitySource("otlp-endpoint-tests");
        string traceId, linkedTo;
        using (var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .ConfigureResource(r => r.AddService("exporting-service", serviceVersion: "2.1"))
            .AddOtlpExporter(o =>
            {
                o.Endpoint = new Uri(jaeger.Server.OtlpUrl, "v1/traces");
                o.Protocol = OtlpExportProtocol.HttpProtobuf;
                o.ExportProcessorType = ExportProcessorType.Simple;
            })
            .Build())
        {
            var linked = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
            linkedTo = linked.TraceId.ToHexString();
            using var parent = source.StartActivity("GET /orders", ActivityKind.Server, default(ActivityContext), links: [new ActivityLink(linked)])!;
            traceId = parent.TraceId.ToHexString();
            parent.SetTag("http.response.status_code", 503).SetTag("ratio", 0.25).SetTag("cached", true).SetTag("names", new[] { "a", "b" });
            parent.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection { ["exception.message"] = "boom" }));
            parent.SetStatus(ActivityStatusCode.Error, "it broke");
            using var child = source.StartActivity("SELECT orders", ActivityKind.Client)!;
        }

        var trace = (await jaeger.GetAsync($"/api/traces/{traceId}")).GetProperty("data")[0];

        var spans = trace.GetProperty("spans").EnumerateArray().ToDictionary(s => s.GetProperty("operationName").GetString()!);
        var root = spans["GET /orders"];
        var tags = root.GetProperty("tags").EnumerateArray().ToDictionary(t => t.GetProperty("key").GetString()!, t => t.GetProperty("value").ToString());
        Assert.Equal("503", tags["http.response.status_code"]);
        Assert.Equal("0.25", tags["ratio"]);
        Assert.Equal("True", tags["cached"]);
        Assert.Equal("""["a","b"]""", tags["names"]);
        Assert.Equal("server", tags["span.kind"]);
        Assert.Equal("True", tags["error"]);
        Assert.Equal("it broke", tags["otel.status_description"]);
        Assert.Equal("otlp-endpoint-tests", tags["otel.scope.name"]);
        Assert.Equal("boom", root.GetProperty("logs")[0].GetProperty("fields")[1].GetProperty("value").GetString());
        Assert.Equal(linkedTo, root.GetProperty("references")[0].GetProperty("traceID").GetString());
        Assert.Equal("FOLLOWS_FROM", root.GetProperty("references")[0].GetProperty("refType").GetString());
        Assert.Equal(root.GetProperty("spanID").GetString(), spans["SELECT orders"].GetProperty("references")[0].GetProperty("spanID").GetString());
        Assert.Equal("exporting-service", trace.GetProperty("processes").GetProperty("p1").GetProperty("serviceName").GetString());
    }

    [Fact]
    public async Task Gzip_is_understood()
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes($$$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"{{{JaegerFixture.Id(7)}}}","spanId":"0000000000000001","name":"a"}]}]}]}"""));
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        using var answer = await jaeger.Http.PostAsync(new Uri(jaeger.Server.OtlpUrl, "v1/traces"), content);

        Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, jaeger.Server.SpanCount);
    }

    [Theory]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"resourceSpans":1}""", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00","spanId":"01"}]}]}]}""", HttpStatusCode.OK)]
    [InlineData("application/x-protobuf", "this is no protobuf", HttpStatusCode.BadRequest)]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_is_no_export_request_adds_nothing(string type, string body, HttpStatusCode expected)
    {
        await using var jaeger = await JaegerFixture.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);

        using var answer = await jaeger.Http.PostAsync(new Uri(jaeger.Server.OtlpUrl, "v1/traces"), content);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(0, jaeger.Server.SpanCount);
    }

    [Fact]
    public async Task A_request_above_the_limit_is_refused_also_when_it_is_small_while_compressed()
    {
        await using var jaeger = await JaegerFixture.StartAsync(with: o => o with { MaxRequestBytes = 100_000 });
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(new byte[1_000_000]);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("gzip");

        using var answer = await jaeger.Http.PostAsync(new Uri(jaeger.Server.OtlpUrl, "v1/traces"), content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }
}
