using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>The body of a search, with what may stand in its URL instead.</summary>
internal sealed record SearchRequest
{
    /// <summary>Hits from the beginning that can be asked for.</summary>
    public const int Window = 10_000;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "query", "size", "from", "sort", "search_after", "_source", "fields", "track_total_hits", "aggs", "aggregations", "highlight", "pit", "timeout",
        "track_scores", "stored_fields", "docvalue_fields", "explain", "version", "seq_no_primary_term", "min_score", "terminate_after",
    };

    public JsonElement? Query { get; private init; }

    public string? QueryText { get; private init; }

    public int Size { get; private init; } = 10;

    public int From { get; private init; }

    public JsonElement? Sort { get; private init; }

    public JsonElement? After { get; private init; }

    public JsonElement? Source { get; private init; }

    public string[] Fields { get; private init; } = [];

    /// <summary>Up to how many hits are counted: all of them where null, none where negative.</summary>
    public long? TrackUpTo { get; private init; } = Window;

    public JsonElement? Aggregations { get; private init; }

    public JsonElement? Highlight { get; private init; }

    public string? PointInTime { get; private init; }

    public string? KeepAlive { get; private init; }

    /// <exception cref="ElasticsearchException">Something in it is not known, or beyond the limits.</exception>
    public static SearchRequest Read(JsonElement body, IQueryCollection url)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
                throw ElasticsearchException.Parsing($"unknown key [{member.Name}] in the search body");
        }

        var pit = Member(body, "pit");
        var request = new SearchRequest
        {
            Query = Member(body, "query"),
            QueryText = url["q"].ToString() is { Length: > 0 } text ? text : null,
            Size = Number(body, url, "size", 10),
            From = Number(body, url, "from", 0),
            Sort = Member(body, "sort") ?? UrlSort(url),
            After = Member(body, "search_after"),
            Source = Member(body, "_source"),
            Fields = Member(body, "fields") is { ValueKind: JsonValueKind.Array } fields
                ? [.. fields.EnumerateArray().Select(f => (f.ValueKind is JsonValueKind.Object && f.TryGetProperty("field", out var name) ? name : f).ToString())]
                : [],
            TrackUpTo = Track(Member(body, "track_total_hits")?.ToString() ?? url["track_total_hits"].ToString()),
            Aggregations = Member(body, "aggs") ?? Member(body, "aggregations"),
            Highlight = Member(body, "highlight"),
            PointInTime = pit is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty("id", out var id) ? id.GetString() : null,
            KeepAlive = pit is { ValueKind: JsonValueKind.Object } k && k.TryGetProperty("keep_alive", out var alive) ? alive.GetString() : null,
        };
        if (request.From + (long)request.Size > Window)
        {
            throw ElasticsearchException.Shard(
                "illegal_argument_exception",
                $"Result window is too large, from + size must be less than or equal to: [{Window}] but was [{request.From + (long)request.Size}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.");
        }

        return request.After is not null && request.From > 0
            ? throw ElasticsearchException.Illegal("`from` parameter must be set to 0 when `search_after` is used.")
            : request;
    }

    private static JsonElement? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    private static int Number(JsonElement body, IQueryCollection url, string name, int otherwise)
    {
        var text = Member(body, name)?.ToString() ?? url[name].ToString();
        if (text.Length is 0)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ElasticsearchException.Illegal($"[{name}] parameter cannot be negative, found [{text}]");
    }

    private static long? Track(string text) => text switch
    {
        "" => Window,
        "true" or "True" => null,
        "false" or "False" => -1,
        _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var upTo) ? upTo
            : throw ElasticsearchException.Illegal($"[track_total_hits] parameter must be positive or equals to -1, got {text}"),
    };

    private static JsonElement? UrlSort(IQueryCollection url) => url["sort"].ToString() is not { Length: > 0 } text
        ? null
        : JsonSerializer.SerializeToElement(text.Split(',').Select(s => s.Split(':') is [var field, var order]
            ? new Dictionary<string, string> { [field] = order }
            : new Dictionary<string, string> { [s] = "asc" }));
}
