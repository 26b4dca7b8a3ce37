namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>A request that is refused, in the engine's words.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="type">The error's type, e.g. <c>parsing_exception</c>.</param>
/// <param name="reason">A sentence.</param>
internal sealed class ElasticsearchException(int status, string type, string reason) : Exception(reason)
{
    public int Status => status;

    public string Type => type;

    /// <summary>True where a shard refused it while searching: the engine then wraps it in the failure of a search phase.</summary>
    public bool OnShard { get; private init; }

    /// <summary>The index it is about, where there is one.</summary>
    public string? Index { get; private init; }

    public static ElasticsearchException Parsing(string reason) => new(400, "parsing_exception", reason);

    public static ElasticsearchException Illegal(string reason) => new(400, "illegal_argument_exception", reason);

    public static ElasticsearchException Shard(string type, string reason) => new(400, type, reason) { OnShard = true };

    public static ElasticsearchException NoIndex(string index) => new(404, "index_not_found_exception", $"no such index [{index}]") { Index = index };
}
