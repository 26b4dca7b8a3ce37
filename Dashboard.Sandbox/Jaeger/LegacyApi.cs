using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>The interface of Jaeger's user interface, under /api: one envelope, microseconds, and JSON errors told as plain text.</summary>
internal sealed class LegacyApi(SpanStore store, TimeProvider clock, JaegerGeneration generation)
{
    private const int DefaultLimit = 100;
    private const int MostTraces = 10_000;
    private const long Microsecond = 1_000;
    private const long Millisecond = 1_000_000;

    public void Map(IEndpointRouteBuilder app)
    {
        if (generation < JaegerGeneration.V2_21)
        {
            app.MapGet("/api/services", ServicesAsync);
            app.MapGet("/api/operations", OperationsAsync);
            app.MapGet("/api/services/{service}/operations", OperationNamesAsync);
            app.MapGet("/api/traces", SearchAsync);
        }

        app.MapGet("/api/traces/{id}", TraceAsync);
        app.MapGet("/api/dependencies", DependenciesAsync);
        foreach (var metric in (string[])["latencies", "calls", "errors"])
            app.MapGet("/api/metrics/" + metric, NoMetricsAsync);
        if (generation < JaegerGeneration.V2_16)
            app.MapGet("/api/metrics/minstep", NoMetricsAsync);
    }

    private Task ServicesAsync(HttpContext context) => AnswerAsync(context, json =>
    {
        json.WriteStartArray("data");
        foreach (var service in store.Services())
            json.WriteStringValue(service);
        json.WriteEndArray();
    });

    private Task OperationsAsync(HttpContext context)
    {
        if (context.Request.Query["service"].ToString() is not { Length: > 0 } service)
            return RefuseAsync(context, 400, "parameter 'service' is required");
        return AnswerAsync(context, json =>
        {
            json.WriteStartArray("data");
            foreach (var (name, kind) in store.Operations(service, context.Request.Query["spanKind"]))
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("spanKind", kind);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private Task OperationNamesAsync(HttpContext context) => AnswerAsync(context, json =>
    {
        json.WriteStartArray("data");
        foreach (var name in store.Operations((string)context.Request.RouteValues["service"]!, null).Select(o => o.Name).Distinct())
            json.WriteStringValue(name);
        json.WriteEndArray();
    });

    private async Task SearchAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["traceID"] is { Count: > 0 } ids)
        {
            await ManyAsync(context, [.. ids.Where(i => i is not null)!]);
            return;
        }

        SpanSearch search;
        try
        {
            search = Search(query);
        }
        catch (FormatException refused)
        {
            await RefuseAsync(context, 400, refused.Message);
            return;
        }

        await TracesAsync(context, store.Find(search), []);
    }

    private SpanSearch Search(IQueryCollection query)
    {
        if (query["service"].ToString() is not { Length: > 0 } service)
            throw new FormatException("parameter 'service' is required");

        // Both default to now: without a start, nothing is found.
        var now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
        return new SpanSearch(
            From: Whole(query, "start", now, Microsecond) * Microsecond,
            To: (Whole(query, "end", now, Microsecond) * Microsecond) + Microsecond - 1,
            Limit: (int)Math.Clamp(Whole(query, "limit", DefaultLimit, 1), 1, MostTraces))
        {
            Service = service,
            Operation = query["operation"].ToString(),
            LeastDuration = Duration(query, "minDuration") ?? 0,
            MostDuration = Duration(query, "maxDuration") ?? long.MaxValue,
            Tags = Tags(query),
        };
    }

    private static Dictionary<string, string> Tags(IQueryCollection query)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in query["tag"])
        {
            if (tag?.Split(':', 2) is not [var key, var value])
                throw new FormatException($"malformed 'tag' parameter, expecting key:value, received: {tag}");
            tags[key] = value;
        }

        foreach (var (key, value) in query["tags"].SelectMany(JsonStrings.Map))
            tags[key] = value;
        return tags;
    }

    private async Task ManyAsync(HttpContext context, string[] ids)
    {
        var (found, missing) = (new List<Span[]>(), new List<string>());
        foreach (var id in ids)
        {
            if (TraceIds.Parse(id) is not { } traceId)
            {
                await RefuseAsync(context, 400, "cannot parse traceID param: " + id);
                return;
            }

            if (store.Get(traceId) is { } trace)
                found.Add(trace);
            else
                missing.Add(id);
        }

        await TracesAsync(context, found, missing);
    }

    private async Task TraceAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (TraceIds.Parse(id, base64: generation >= JaegerGeneration.V2_21) is not { } traceId)
            await RefuseAsync(context, 400, "cannot parse traceID: " + id);
        else if (store.Get(traceId) is { } trace)
            await TracesAsync(context, [trace], []);
        else
            await RefuseAsync(context, 404, "trace not found");
    }

    private static async Task TracesAsync(HttpContext context, IEnumerable<Span[]> traces, List<string> missing)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var trace in traces)
        {
            LegacyTraceJson.Write(json, trace);
            json.Flush();
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        WriteEnvelope(json);
        if (missing.Count is 0)
        {
            json.WriteNull("errors");
        }
        else
        {
            json.WriteStartArray("errors");
            foreach (var id in missing)
            {
                json.WriteStartObject();
                json.WriteNumber("code", 404);
                json.WriteString("msg", "trace not found");
                json.WriteString("traceID", id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private async Task DependenciesAsync(HttpContext context)
    {
        long end, lookback;
        try
        {
            end = Whole(context.Request.Query, "endTs", clock.GetUtcNow().ToUnixTimeMilliseconds(), Millisecond);
            lookback = Whole(context.Request.Query, "lookback", (long)TimeSpan.FromDays(1).TotalMilliseconds, Millisecond);
        }
        catch (FormatException refused)
        {
            await RefuseAsync(context, 400, refused.Message);
            return;
        }

        await AnswerAsync(context, json =>
        {
            json.WriteStartArray("data");
            foreach (var (parent, child, calls) in store.Dependencies((end - lookback) * Millisecond, end * Millisecond))
            {
                json.WriteStartObject();
                json.WriteString("parent", parent);
                json.WriteString("child", child);
                json.WriteNumber("callCount", calls);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static Task NoMetricsAsync(HttpContext context) => RefuseAsync(context, 501, "metrics querying is currently disabled");

    private static async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> data)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        data(json);
        WriteEnvelope(json);
        json.WriteNull("errors");
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) => PlainTextJson.WriteAsync(context, status, json =>
    {
        json.WriteNull("data");
        WriteEnvelope(json);
        json.WriteStartArray("errors");
        json.WriteStartObject();
        json.WriteNumber("code", status);
        json.WriteString("msg", message);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    // Jaeger has these members and never fills them.
    private static void WriteEnvelope(Utf8JsonWriter json)
    {
        json.WriteNumber("total", 0);
        json.WriteNumber("limit", 0);
        json.WriteNumber("offset", 0);
    }

    /// <summary>A number whose unit is that many nanoseconds; it has to fit when counted in them.</summary>
    private static long Whole(IQueryCollection query, string name, long otherwise, long unit)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue / unit
            ? number
            : throw new FormatException($"unable to parse param '{name}': invalid syntax: {text}");
    }

    private static long? Duration(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        var text => GoDuration.Parse(text) ?? throw new FormatException($"unable to parse param '{name}': time: invalid duration \"{text}\""),
    };
}
