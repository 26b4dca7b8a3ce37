using Dashboard.Core.Series;

namespace Dashboard.Core.Sources;

/// <summary>Jaeger, any generation of its query API.</summary>
public interface ITraceSource
{
    /// <summary>
    /// The slowest server span of a service that started in the range. Jaeger's search does not sort and is capped, so the minimum duration is narrowed until
    /// the answer is complete. Null where there were no traces.
    /// </summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<SlowestSpan?>> SlowestAsync(string service, TimeRange range, CancellationToken cancellation);
}

/// <param name="TraceId">Lower-case hexadecimal.</param>
/// <param name="Operation">The span's operation.</param>
/// <param name="Duration">Resolution: one microsecond.</param>
/// <param name="StartedAt">When the span started.</param>
/// <param name="Sampled">True where the span tells that only a share of the traces is kept: the true maximum is then at least this.</param>
/// <param name="Query">The search that found it, as it was sent (path and query).</param>
public sealed record SlowestSpan(string TraceId, string Operation, TimeSpan Duration, DateTimeOffset StartedAt, bool Sampled, string Query);
