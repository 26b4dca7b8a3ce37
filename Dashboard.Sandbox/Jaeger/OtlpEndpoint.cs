using System.Text.Json;
using ProtoBuf;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>OTLP over HTTP: <c>POST /v1/traces</c> in protobuf or JSON, gzip and other content encodings already undone.</summary>
internal sealed class OtlpEndpoint(SpanStore store)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";
    private readonly OtlpSpans _spans = new();

    public void Map(IEndpointRouteBuilder app) => app.MapPost("/v1/traces", (RequestDelegate)ReceiveAsync);

    private async Task ReceiveAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (Protobuf or Json))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "Content-Type has to be application/x-protobuf or application/json.");
            return;
        }

        OtlpTraceRequest request;
        try
        {
            request = type is Json ? await ReadJsonAsync(context) : await ReadProtobufAsync(context);
        }
        catch (Exception refused) when (refused is ProtoException or JsonException or FormatException or EndOfStreamException or InvalidDataException or OverflowException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is not an export request of traces.");
            return;
        }

        var (spans, rejected) = _spans.Read(request);
        store.Add(spans);
        await AcknowledgeAsync(context, type, rejected);
    }

    private static async Task<OtlpTraceRequest> ReadJsonAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        return OtlpJson.Read(document.RootElement);
    }

    private static async Task<OtlpTraceRequest> ReadProtobufAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        return Serializer.Deserialize<OtlpTraceRequest>(body);
    }

    private static async Task AcknowledgeAsync(HttpContext context, string type, int rejected)
    {
        context.Response.ContentType = type;
        const string Reason = "Spans without a valid trace id and span id were left out.";
        using var answer = new MemoryStream();
        if (type is Protobuf && rejected > 0)
        {
            Serializer.Serialize(answer, new OtlpTraceResponse { PartialSuccess = new OtlpPartialSuccess { RejectedSpans = rejected, ErrorMessage = Reason } });
        }
        else if (type is Json)
        {
            using var json = new Utf8JsonWriter(answer);
            json.WriteStartObject();
            if (rejected > 0)
            {
                json.WriteStartObject("partialSuccess");
                json.WriteString("rejectedSpans", rejected.ToString());
                json.WriteString("errorMessage", Reason);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        context.Response.ContentLength = answer.Length;
        answer.Position = 0;
        await answer.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(message, context.RequestAborted);
    }
}
