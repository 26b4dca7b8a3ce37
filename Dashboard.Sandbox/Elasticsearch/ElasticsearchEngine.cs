namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>The search engines that differ for a client of the log interface.</summary>
public enum ElasticsearchEngine
{
    /// <summary>7.17: the old <c>interval</c> of date histograms still works.</summary>
    Elasticsearch7,

    /// <summary>8.x: refuses media types compatible with 9.</summary>
    Elasticsearch8,

    /// <summary>9.x: refuses media types compatible with 7.</summary>
    Elasticsearch9,

    /// <summary>2.x: another interface for points in time, no <c>_shard_doc</c>, no vendor media types.</summary>
    OpenSearch2,

    /// <summary>3.x from 3.3: like 2, with <c>_shard_doc</c>.</summary>
    OpenSearch3,
}

internal static class ElasticsearchEngines
{
    public static bool IsOpenSearch(this ElasticsearchEngine engine) => engine >= ElasticsearchEngine.OpenSearch2;

    public static string Version(this ElasticsearchEngine engine) => engine switch
    {
        ElasticsearchEngine.Elasticsearch7 => "7.17.28",
        ElasticsearchEngine.Elasticsearch8 => "8.19.3",
        ElasticsearchEngine.Elasticsearch9 => "9.1.3",
        ElasticsearchEngine.OpenSearch2 => "2.19.3",
        _ => "3.3.0",
    };
}
