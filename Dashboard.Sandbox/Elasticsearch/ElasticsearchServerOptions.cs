using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>How the embedded log server is started.</summary>
public sealed record ElasticsearchServerOptions
{
    /// <summary>Port on loopback; 0 takes a free one. Elasticsearch's own is 9200.</summary>
    public int Port { get; init; }

    /// <summary>Which engine is played.</summary>
    public ElasticsearchEngine Engine { get; init; } = ElasticsearchEngine.Elasticsearch8;

    /// <summary>Documents held at most; those that came first make room for new ones.</summary>
    public int MaxDocuments { get; init; } = 220_000;

    /// <summary>Bytes of the index at most; held at each refresh by dropping a fifth of the live documents, those that came first, until it is met.</summary>
    public long MaxBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Bytes of one request at most, decompressed.</summary>
    public long MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a document may take until searches see it.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The past to begin with; null begins empty. Documents of the past stay while live ones come and go.</summary>
    public RequestHistory? History { get; init; }
}
