using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Reads request bodies.</summary>
internal static class RequestBody
{
    /// <summary>The JSON object of the body, empty where there is no body.</summary>
    /// <exception cref="ElasticsearchException">It is something else.</exception>
    public static async Task<JsonDocument> ReadObjectAsync(HttpContext context)
    {
        var bytes = await ReadAsync(context);
        if (bytes.Length is 0)
            return JsonDocument.Parse("{}");
        try
        {
            var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind is JsonValueKind.Object ? json : throw ElasticsearchException.Parsing("Expected [START_OBJECT]");
        }
        catch (JsonException refused)
        {
            throw new ElasticsearchException(400, "x_content_parse_exception", $"[{refused.LineNumber + 1}:{refused.BytePositionInLine + 1}] the body is no JSON");
        }
    }

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.TryGetBuffer(out var buffer) ? buffer : body.ToArray();
    }
}
