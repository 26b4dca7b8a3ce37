using System.Globalization;
using System.Text;
using System.Text.Json;
using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>What an engine tells of itself, its indices and their fields; and points in time.</summary>
internal sealed class ClusterEndpoint(LogIndex index, PointsInTime points, ElasticsearchEngine engine, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/", ["GET", "HEAD"], InfoAsync);
        app.MapGet("/_cluster/health", HealthAsync);
        app.MapGet("/_cat/indices", CatAsync);
        app.MapGet("/_cat/indices/{index}", CatAsync);
        foreach (var path in (string[])["/_field_caps", "/{index}/_field_caps"])
            app.MapMethods(path, ["GET", "POST"], FieldsAsync);
        app.MapPost(engine.IsOpenSearch() ? "/{index}/_search/point_in_time" : "/{index}/_pit", OpenAsync);
        app.MapDelete(engine.IsOpenSearch() ? "/_search/point_in_time" : "/_pit", CloseAsync);
    }

    private Task InfoAsync(HttpContext context) => JsonAnswer.WriteAsync(context, engine, 200, json =>
    {
        json.WriteString("name", "sandbox");
        json.WriteString("cluster_name", "sandbox");
        json.WriteString("cluster_uuid", "c2FuZGJveC1jbHVzdGVyMQ");
        json.WriteStartObject("version");
        if (engine.IsOpenSearch())
            json.WriteString("distribution", "opensearch");
        json.WriteString("number", engine.Version());
        if (!engine.IsOpenSearch())
            json.WriteString("build_flavor", "default");
        json.WriteString("build_type", "tar");
        json.WriteBoolean("build_snapshot", false);
        json.WriteString("lucene_version", engine switch
        {
            ElasticsearchEngine.Elasticsearch7 => "8.11.3",
            ElasticsearchEngine.Elasticsearch8 or ElasticsearchEngine.OpenSearch2 => "9.12.2",
            _ => "10.2.2",
        });
        json.WriteString("minimum_wire_compatibility_version", engine.IsOpenSearch() ? "7.10.0" : "6.8.0");
        json.WriteString("minimum_index_compatibility_version", engine.IsOpenSearch() ? "7.0.0" : "6.0.0-beta1");
        json.WriteEndObject();
        json.WriteString("tagline", engine.IsOpenSearch() ? "The OpenSearch Project: https://opensearch.org/" : "You Know, for Search");
    });

    private Task HealthAsync(HttpContext context) => JsonAnswer.WriteAsync(context, engine, 200, json =>
    {
        var shards = index.Names.Count();
        json.WriteString("cluster_name", "sandbox");
        json.WriteString("status", "green");
        json.WriteBoolean("timed_out", false);
        json.WriteNumber("number_of_nodes", 1);
        json.WriteNumber("number_of_data_nodes", 1);
        json.WriteNumber("active_primary_shards", shards);
        json.WriteNumber("active_shards", shards);
        json.WriteNumber("relocating_shards", 0);
        json.WriteNumber("initializing_shards", 0);
        json.WriteNumber("unassigned_shards", 0);
    });

    private async Task CatAsync(HttpContext context)
    {
        var names = IndexPattern.Resolve(index, context.Request.RouteValues["index"] as string, context.Request.Query);
        var counts = Count(names);
        if (context.Request.Query["format"] != "json")
        {
            context.Response.ContentType = "text/plain; charset=UTF-8";
            var lines = names.Select((name, i) => $"green open {name} {counts[i]}\n");
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines)), context.RequestAborted);
            return;
        }

        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (var i = 0; i < names.Length; i++)
            {
                json.WriteStartObject();
                json.WriteString("health", "green");
                json.WriteString("status", "open");
                json.WriteString("index", names[i]);
                json.WriteString("pri", "1");
                json.WriteString("rep", "0");
                json.WriteString("docs.count", counts[i].ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        await JsonAnswer.SendAsync(context, engine, 200, buffer.ToArray());
    }

    private int[] Count(string[] names)
    {
        var searcher = index.Acquire();
        try
        {
            return [.. names.Select(name =>
            {
                var count = new TotalHitCountCollector();
                searcher.Search(new TermQuery(new Term("_index", name)), count);
                return count.TotalHits;
            })];
        }
        finally
        {
            index.Release(searcher);
        }
    }

    private async Task FieldsAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadObjectAsync(context);
        var names = IndexPattern.Resolve(index, context.Request.RouteValues["index"] as string, context.Request.Query);
        string[] patterns = body.RootElement.TryGetProperty("fields", out var asked)
            ? asked.ValueKind is JsonValueKind.Array ? [.. asked.EnumerateArray().Select(f => f.ToString())] : [asked.ToString()]
            : context.Request.Query["fields"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (patterns.Length is 0)
            throw new ElasticsearchException(400, "action_request_validation_exception", "Validation Failed: 1: no fields specified;");
        await JsonAnswer.WriteAsync(context, engine, 200, json =>
        {
            json.WriteStartArray("indices");
            foreach (var name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartObject("fields");
            foreach (var (field, kind) in index.Mappings.All.Where(f => names.Length > 0 && patterns.Any(p => JsonFields.Matches(p, f.Key))))
            {
                var type = field is "_id" or "_index" ? field : kind.ToString().ToLowerInvariant();
                json.WriteStartObject(field);
                json.WriteStartObject(type);
                json.WriteString("type", type);
                json.WriteBoolean("metadata_field", field[0] is '_');
                json.WriteBoolean("searchable", true);
                json.WriteBoolean("aggregatable", kind is not FieldKind.Text && field is not "_id");
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    private async Task OpenAsync(HttpContext context)
    {
        var indices = IndexPattern.Resolve(index, (string)context.Request.RouteValues["index"]!, context.Request.Query);
        var searcher = index.Acquire();
        string id;
        try
        {
            id = points.Open(searcher.IndexReader, indices, context.Request.Query["keep_alive"]);
        }
        finally
        {
            index.Release(searcher);
        }

        await JsonAnswer.WriteAsync(context, engine, 200, json =>
        {
            json.WriteString(engine.IsOpenSearch() ? "pit_id" : "id", id);
            JsonAnswer.WriteShards(json, indices.Length);
            if (engine.IsOpenSearch())
                json.WriteNumber("creation_time", clock.GetUtcNow().ToUnixTimeMilliseconds());
        });
    }

    private async Task CloseAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadObjectAsync(context);
        var name = engine.IsOpenSearch() ? "pit_id" : "id";
        if (!body.RootElement.TryGetProperty(name, out var given))
            throw ElasticsearchException.Parsing($"[{name}] is missing");
        string[] ids = given.ValueKind is JsonValueKind.Array ? [.. given.EnumerateArray().Select(i => i.ToString())] : [given.ToString()];
        var closed = ids.Select(id => (Id: id, Closed: points.Close(id))).ToArray();
        await JsonAnswer.WriteAsync(context, engine, engine.IsOpenSearch() || closed.Any(c => c.Closed) ? 200 : 404, json =>
        {
            if (!engine.IsOpenSearch())
            {
                json.WriteBoolean("succeeded", true);
                json.WriteNumber("num_freed", closed.Count(c => c.Closed));
                return;
            }

            json.WriteStartArray("pits");
            foreach (var (id, wasOpen) in closed)
            {
                json.WriteStartObject();
                json.WriteBoolean("successful", wasOpen);
                json.WriteString("pit_id", id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
