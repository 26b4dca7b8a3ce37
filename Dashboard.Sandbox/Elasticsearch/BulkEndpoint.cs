using System.Diagnostics;
using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary><c>_bulk</c>: lines of JSON, an action before each document, a result for each.</summary>
internal sealed class BulkEndpoint(LogIndex index, ElasticsearchEngine engine)
{
    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var path in (string[])["/_bulk", "/{index}/_bulk"])
            app.MapMethods(path, ["POST", "PUT"], BulkAsync);
        foreach (var path in (string[])["/_refresh", "/{index}/_refresh"])
            app.MapMethods(path, ["GET", "POST"], RefreshAsync);
    }

    private async Task BulkAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var body = await RequestBody.ReadAsync(context);
        if (body.Length is 0)
            throw new ElasticsearchException(400, "parse_exception", "request body is required");
        if (body.Span[^1] is not (byte)'\n')
            throw ElasticsearchException.Illegal("The bulk request must be terminated by a newline [\\n]");

        var results = new List<Result>();
        var at = 0;
        while (Line(body, ref at) is { } line)
        {
            if (line.Span.Trim(" \r\t"u8).IsEmpty)
                continue;
            var (action, name, id) = Action(line, context.Request.RouteValues["index"] as string, results.Count + 1);
            results.Add(action is "delete" ? Delete(name, id) : Put(action, name, id, Line(body, ref at) ?? throw ElasticsearchException.Illegal("Malformed action/metadata line: the document is missing")));
        }

        // The bare parameter means true.
        if (context.Request.Query.TryGetValue("refresh", out var refresh) && refresh != "false")
            index.Refresh();

        await JsonAnswer.WriteAsync(context, engine, 200, json =>
        {
            json.WriteNumber("took", (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            json.WriteBoolean("errors", results.Exists(r => r.Error is not null));
            json.WriteStartArray("items");
            foreach (var result in results)
                Write(json, result);
            json.WriteEndArray();
        });
    }

    private async Task RefreshAsync(HttpContext context)
    {
        var indices = IndexPattern.Resolve(index, context.Request.RouteValues["index"] as string, context.Request.Query);
        index.Refresh();
        await JsonAnswer.WriteAsync(context, engine, 200, json => JsonAnswer.WriteShards(json, indices.Length));
    }

    private Result Put(string action, string name, string? id, ReadOnlyMemory<byte> source)
    {
        try
        {
            if (action is "update")
                throw ElasticsearchException.Illegal("Updates in part are not supported here: index the whole document.");
            var replaced = index.Add(name, id, source, mustBeNew: action is "create");
            return new Result(action, name, id, replaced ? 200 : 201, replaced ? "updated" : "created", null);
        }
        catch (ElasticsearchException refused)
        {
            return new Result(action, name, id, refused.Status, null, refused);
        }
    }

    private Result Delete(string name, string? id)
    {
        if (id is null)
            return new Result("delete", name, id, 400, null, ElasticsearchException.Illegal("an id is required for a delete operation"));
        var found = index.Delete(name, id);
        return new Result("delete", name, id, found ? 200 : 404, found ? "deleted" : "not_found", null);
    }

    private static (string Action, string Index, string? Id) Action(ReadOnlyMemory<byte> line, string? defaultIndex, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var action = json.RootElement.EnumerateObject().Single();
            var index = action.Value.TryGetProperty("_index", out var named) ? named.GetString() : defaultIndex;
            var id = action.Value.TryGetProperty("_id", out var given) && given.ValueKind is JsonValueKind.String ? given.GetString() : null;
            return action.Name is not ("create" or "index" or "delete" or "update")
                ? throw ElasticsearchException.Illegal($"Malformed action/metadata line [{number}], expected field [create], [delete], [index] or [update] but found [{action.Name}]")
                : (action.Name, index ?? throw new ElasticsearchException(400, "action_request_validation_exception", "Validation Failed: 1: index is missing;"), id);
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            throw ElasticsearchException.Illegal($"Malformed action/metadata line [{number}], expected START_OBJECT");
        }
    }

    /// <summary>The next line without its end, null after the last.</summary>
    private static ReadOnlyMemory<byte>? Line(ReadOnlyMemory<byte> body, ref int at)
    {
        if (at >= body.Length)
            return null;
        var rest = body[at..];
        var end = rest.Span.IndexOf((byte)'\n');
        at += (end < 0 ? rest.Length : end) + 1;
        return end < 0 ? rest : rest[..end];
    }

    private static void Write(Utf8JsonWriter json, Result result)
    {
        json.WriteStartObject();
        json.WriteStartObject(result.Action);
        json.WriteString("_index", result.Index);
        json.WriteString("_id", result.Id);
        json.WriteNumber("status", result.Status);
        if (result.Error is { } error)
        {
            json.WriteStartObject("error");
            json.WriteString("type", error.Type);
            json.WriteString("reason", error.Message);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("result", result.Outcome);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private sealed record Result(string Action, string Index, string? Id, int Status, string? Outcome, ElasticsearchException? Error);
}
