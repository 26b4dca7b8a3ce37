using Dashboard.Core.Series;

namespace Dashboard.Core.Sources;

/// <summary>Elasticsearch 7.17 to 9, or OpenSearch.</summary>
public interface ILogSource
{
    /// <summary>Counts the documents of the range that match each query (query-string syntax), in one request.</summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<LogCounts>> CountAsync(string matching, string among, TimeRange range, CancellationToken cancellation);

    /// <summary>The same counts in consecutive intervals.</summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<IReadOnlyList<LogCounts>>> CountByTimeAsync(
        string matching, string among, TimeRange range, TimeSpan interval, CancellationToken cancellation);
}

/// <param name="At">Start of the interval counted.</param>
/// <param name="Matching">Documents that match the first query and the second.</param>
/// <param name="Among">Documents that match the second.</param>
/// <param name="Newest">Time of the newest document that matches the second, null where there is none.</param>
/// <param name="Query">The request's body as it was sent.</param>
public sealed record LogCounts(DateTimeOffset At, long Matching, long Among, DateTimeOffset? Newest, string Query);
