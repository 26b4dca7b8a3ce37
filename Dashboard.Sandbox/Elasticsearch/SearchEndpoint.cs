using System.Diagnostics;
using System.Text.Json;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary><c>_search</c> and <c>_count</c>.</summary>
internal sealed class SearchEndpoint(LogIndex index, PointsInTime points, ElasticsearchEngine engine, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var path in (string[])["/_search", "/{index}/_search"])
            app.MapMethods(path, ["GET", "POST"], SearchAsync);
        foreach (var path in (string[])["/_count", "/{index}/_count"])
            app.MapMethods(path, ["GET", "POST"], CountAsync);
    }

    private async Task SearchAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var body = await RequestBody.ReadObjectAsync(context);
        var request = SearchRequest.Read(body.RootElement, context.Request.Query);
        var pattern = context.Request.RouteValues["index"] as string;
        if (request.PointInTime is null)
        {
            var indices = IndexPattern.Resolve(index, pattern, context.Request.Query);
            var searcher = index.Acquire();
            try
            {
                await SearchAsync(context, request, searcher, indices, started);
            }
            finally
            {
                index.Release(searcher);
            }

            return;
        }

        if (pattern is not null)
            throw new ElasticsearchException(400, "action_request_validation_exception", "Validation Failed: 1: [indices] cannot be used with point in time. Do not specify any index with point in time.;");
        var point = points.Get(request.PointInTime, request.KeepAlive);
        try
        {
            await SearchAsync(context, request, new IndexSearcher(point.Reader), point.Indices, started);
        }
        finally
        {
            point.Reader.DecRef();
        }
    }

    private async Task SearchAsync(HttpContext context, SearchRequest request, IndexSearcher searcher, string[] indices, long started)
    {
        var now = clock.GetUtcNow();
        var fields = new FieldQueries(index.Mappings, index.Analyzer, now);
        var queries = new QueryDsl(fields);
        var query = request.Query is { } asked ? queries.Read(asked)
            : request.QueryText is { } text ? QueryText.Read(fields, text, [], and: false)
            : new MatchAllDocsQuery();
        var columns = new FieldReaders(index.Mappings, searcher);
        var bucket = new AggregationDsl(columns, queries, engine, now).Read(request.Aggregations)();
        var sort = SortKeys.Read(request.Sort, columns, engine, request.PointInTime is not null);
        var collector = new HitCollector(columns, sort, sort.After(request.After, now), request.From + request.Size, bucket);
        if (indices.Length > 0)
            searcher.Search(IndexPattern.Within(query, indices, index), collector);

        await JsonAnswer.WriteAsync(context, engine, 200, json =>
        {
            json.WriteNumber("took", (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            json.WriteBoolean("timed_out", false);
            if (request.PointInTime is { } id)
                json.WriteString("pit_id", id);
            JsonAnswer.WriteShards(json, indices.Length);
            json.WriteStartObject("hits");
            WriteTotal(json, collector.Total, request.TrackUpTo);
            if (sort.ByScore && collector.Total > 0 && request.Size > 0)
                json.WriteNumber("max_score", collector.MaxScore);
            else
                json.WriteNull("max_score");
            json.WriteStartArray("hits");
            var writer = new HitWriter(request, searcher, sort, index.Mappings, index.Analyzer, query);
            foreach (var hit in collector.Hits().Skip(request.From))
                writer.Write(json, hit);
            json.WriteEndArray();
            json.WriteEndObject();

            // Where no index was asked, there is nobody who could have summed up.
            if (request.Aggregations is not null && indices.Length > 0)
            {
                json.WriteStartObject("aggregations");
                bucket.WriteChildren(json);
                json.WriteEndObject();
            }
        });
    }

    private async Task CountAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadObjectAsync(context);
        var indices = IndexPattern.Resolve(index, context.Request.RouteValues["index"] as string, context.Request.Query);
        var fields = new FieldQueries(index.Mappings, index.Analyzer, clock.GetUtcNow());
        var query = body.RootElement.TryGetProperty("query", out var asked) ? new QueryDsl(fields).Read(asked)
            : context.Request.Query["q"].ToString() is { Length: > 0 } text ? QueryText.Read(fields, text, [], and: false)
            : new MatchAllDocsQuery();
        var count = new TotalHitCountCollector();
        var searcher = index.Acquire();
        try
        {
            if (indices.Length > 0)
                searcher.Search(IndexPattern.Within(query, indices, index), count);
        }
        finally
        {
            index.Release(searcher);
        }

        await JsonAnswer.WriteAsync(context, engine, 200, json =>
        {
            json.WriteNumber("count", count.TotalHits);
            JsonAnswer.WriteShards(json, indices.Length);
        });
    }

    private static void WriteTotal(Utf8JsonWriter json, long total, long? upTo)
    {
        if (upTo is < 0)
            return;
        json.WriteStartObject("total");
        json.WriteNumber("value", Math.Min(total, upTo ?? total));
        json.WriteString("relation", total > upTo ? "gte" : "eq");
        json.WriteEndObject();
    }
}
