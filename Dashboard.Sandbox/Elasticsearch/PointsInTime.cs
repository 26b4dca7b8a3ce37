using System.Collections.Concurrent;
using Lucene.Net.Index;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Frozen views of the index for walking through pages. Each lives until it is closed or not asked for longer than it was told to be kept.</summary>
internal sealed class PointsInTime(TimeProvider clock) : IDisposable
{
    private const int Most = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, PointInTime> _open = new(StringComparer.Ordinal);

    public string Open(IndexReader reader, string[] indices, string? keepAlive)
    {
        var until = clock.GetUtcNow() + Length(keepAlive ?? throw ElasticsearchException.Illegal("[keep_alive] is required"));
        Clean();
        if (_open.Count >= Most)
            throw new ElasticsearchException(429, "es_rejected_execution_exception", $"Trying to open too many points in time. Must be less than or equal to: [{Most}].");
        reader.IncRef();
        var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        _open[id] = new PointInTime(reader, indices, until);
        return id;
    }

    /// <exception cref="ElasticsearchException">It is not open (any more).</exception>
    public PointInTime Get(string id, string? keepAlive)
    {
        Clean();
        if (!_open.TryGetValue(id, out var found) || !found.Reader.TryIncRef())
            throw new ElasticsearchException(404, "search_context_missing_exception", $"No search context found for id [{id}]");
        if (keepAlive is not null)
            _open[id] = found with { Until = clock.GetUtcNow() + Length(keepAlive) };
        return found;
    }

    /// <summary>True where it was open.</summary>
    public bool Close(string id)
    {
        if (!_open.TryRemove(id, out var found))
            return false;
        found.Reader.DecRef();
        return true;
    }

    /// <summary>Closes those whose time is over.</summary>
    public void Clean()
    {
        var now = clock.GetUtcNow();
        foreach (var (id, point) in _open)
        {
            if (point.Until <= now)
                Close(id);
        }
    }

    public void Dispose()
    {
        foreach (var id in _open.Keys)
            Close(id);
    }

    private static TimeSpan Length(string keepAlive)
    {
        var length = DateMath.Length(keepAlive) ?? throw ElasticsearchException.Illegal($"failed to parse setting [keep_alive] with value [{keepAlive}] as a time value");
        return length <= Longest ? length : throw ElasticsearchException.Illegal($"Keep alive for request ({keepAlive}) is too large. It must be less than (1h).");
    }
}

/// <param name="Reader">Give the reference back after use.</param>
/// <param name="Indices">Those it was opened over.</param>
/// <param name="Until">When it is closed.</param>
internal sealed record PointInTime(IndexReader Reader, string[] Indices, DateTimeOffset Until);
