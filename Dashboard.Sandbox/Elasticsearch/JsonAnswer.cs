using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Writes answers with the headers of the engine that is played.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpContext context, ElasticsearchEngine engine, int status, Action<Utf8JsonWriter> members)
    {
        // Written to a buffer first: what fails half-way can still be answered as an error.
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4_096);
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        await SendAsync(context, engine, status, buffer.WrittenMemory);
    }

    public static async Task SendAsync(HttpContext context, ElasticsearchEngine engine, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaTypes.Answer(context, engine);
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    public static void WriteShards(Utf8JsonWriter json, int count)
    {
        json.WriteStartObject("_shards");
        json.WriteNumber("total", count);
        json.WriteNumber("successful", count);
        json.WriteNumber("skipped", 0);
        json.WriteNumber("failed", 0);
        json.WriteEndObject();
    }

    /// <summary>The engine's envelope of an error; what a shard refused stands inside the failure of the search phase.</summary>
    public static Task WriteErrorAsync(HttpContext context, ElasticsearchEngine engine, ElasticsearchException error) => WriteAsync(context, engine, error.Status, json =>
    {
        json.WriteStartObject("error");
        json.WriteStartArray("root_cause");
        json.WriteStartObject();
        WriteReason(json, error);
        json.WriteEndObject();
        json.WriteEndArray();
        if (error.OnShard)
        {
            json.WriteString("type", "search_phase_execution_exception");
            json.WriteString("reason", "all shards failed");
            json.WriteString("phase", "query");
            json.WriteBoolean("grouped", true);
            json.WriteStartArray("failed_shards");
            json.WriteStartObject();
            json.WriteNumber("shard", 0);
            json.WriteString("index", context.Request.RouteValues["index"] as string ?? "_all");
            json.WriteString("node", "sandbox");
            json.WriteStartObject("reason");
            WriteReason(json, error);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            WriteReason(json, error);
        }

        json.WriteEndObject();
        json.WriteNumber("status", error.Status);
    });

    private static void WriteReason(Utf8JsonWriter json, ElasticsearchException error)
    {
        json.WriteString("type", error.Type);
        json.WriteString("reason", error.Message);
        if (error.Index is not { } index)
            return;
        json.WriteString("resource.type", "index_or_alias");
        json.WriteString("resource.id", index);
        json.WriteString("index_uuid", "_na_");
        json.WriteString("index", index);
    }
}
