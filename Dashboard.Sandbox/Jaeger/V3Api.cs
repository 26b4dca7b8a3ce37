using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>The v3 interface, under /api/v3: OTLP's JSON, an empty search is a 404.</summary>
internal sealed class V3Api(SpanStore store, JaegerGeneration generation)
{
    private const int DefaultTraces = 100;
    private const int MostTraces = 10_000;

    private bool IsModern => generation >= JaegerGeneration.V2_19;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v3/services", ServicesAsync);
        app.MapGet("/api/v3/operations", OperationsAsync);
        app.MapGet("/api/v3/traces", SearchAsync);
        app.MapGet("/api/v3/traces/{id}", TraceAsync);
        if (IsModern)
            app.MapGet("/api/v3/trace-summaries", SummariesAsync);
    }

    private Task ServicesAsync(HttpContext context) => AnswerAsync(context, json =>
    {
        json.WriteStartArray("services");
        foreach (var service in store.Services())
            json.WriteStringValue(service);
        json.WriteEndArray();
    });

    private Task OperationsAsync(HttpContext context)
    {
        if (Parameter(context, "service", "service") is not { Length: > 0 } service)
            return RefuseAsync(context, 400, "missing parameter service");
        return AnswerAsync(context, json =>
        {
            json.WriteStartArray("operations");
            foreach (var (name, kind) in store.Operations(service, Parameter(context, "span_kind", "spanKind")))
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("spanKind", kind);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private async Task SearchAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } found)
            return;
        if (found.Length is 0)
            await RefuseAsync(context, 404, "No traces found");
        else
            await TracesAsync(context, found);
    }

    private async Task SummariesAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } found)
            return;
        await AnswerAsync(context, json =>
        {
            if (found.Length is 0)
                return;
            json.WriteStartArray("summaries");
            foreach (var trace in found)
                V3TraceJson.WriteSummary(json, trace);
            json.WriteEndArray();
        });
    }

    private async Task TraceAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (TraceIds.Parse(id) is not { } traceId)
            await RefuseAsync(context, 400, $"malformed parameter trace_id: strconv.ParseUint: parsing \"{id}\": invalid syntax");
        else if (store.Get(traceId) is { } trace)
            await TracesAsync(context, [trace]);
        else
            await RefuseAsync(context, 404, "No traces found");
    }

    /// <summary>Null where the search was refused, and the refusal written.</summary>
    private async Task<Span[][]?> FindAsync(HttpContext context)
    {
        try
        {
            return store.Find(Search(context));
        }
        catch (FormatException refused)
        {
            await RefuseAsync(context, 400, refused.Message);
            return null;
        }
    }

    private SpanSearch Search(HttpContext context)
    {
        var depth = Parameter(context, "query.num_traces", "query.numTraces") ?? (IsModern ? Parameter(context, "query.search_depth", "query.searchDepth") : null);
        return new SpanSearch(
            From: Time(context, "query.start_time_min", "query.startTimeMin"),
            To: Time(context, "query.start_time_max", "query.startTimeMax"),
            Limit: depth is null ? DefaultTraces
                : int.TryParse(depth, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? Math.Min(limit, MostTraces)
                : throw new FormatException($"malformed parameter query.num_traces: {depth}"))
        {
            Service = Parameter(context, "query.service_name", "query.serviceName") ?? "",
            Operation = Parameter(context, "query.operation_name", "query.operationName") ?? "",
            LeastDuration = Duration(context, "query.duration_min", "query.durationMin") ?? 0,
            MostDuration = Duration(context, "query.duration_max", "query.durationMax") ?? long.MaxValue,

            // Ignored without a word before 2.19.
            Tags = IsModern ? new Dictionary<string, string>(JsonStrings.Map(context.Request.Query["query.attributes"])) : [],
        };
    }

    /// <summary>Names in camel case are understood from 2.19; those in snake case always.</summary>
    private string? Parameter(HttpContext context, string snake, string camel) =>
        context.Request.Query[snake].ToString() is { Length: > 0 } value ? value
        : IsModern && context.Request.Query[camel].ToString() is { Length: > 0 } modern ? modern
        : null;

    private long Time(HttpContext context, string snake, string camel)
    {
        var text = Parameter(context, snake, camel) ?? throw new FormatException($"missing parameter {snake}");
        return Rfc3339.ParseNanoseconds(text) ?? throw new FormatException($"malformed parameter {snake}: parsing time \"{text}\"");
    }

    private long? Duration(HttpContext context, string snake, string camel) => Parameter(context, snake, camel) is not { } text
        ? null
        : GoDuration.Parse(text) ?? throw new FormatException($"malformed parameter {snake}: time: invalid duration \"{text}\"");

    private static async Task TracesAsync(HttpContext context, Span[][] traces)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartObject("result");
        json.WriteStartArray("resourceSpans");
        foreach (var trace in traces)
        {
            V3TraceJson.WriteResourceSpans(json, trace);
            json.Flush();
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) => PlainTextJson.WriteAsync(context, status, json =>
    {
        json.WriteStartObject("error");
        json.WriteNumber("httpCode", status);
        json.WriteString("message", message);
        json.WriteEndObject();
    });
}
