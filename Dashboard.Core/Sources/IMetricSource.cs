using System.Collections.Immutable;
using Dashboard.Core.Series;

namespace Dashboard.Core.Sources;

/// <summary>Prometheus, or anything that speaks its query API (Thanos, Mimir, VictoriaMetrics).</summary>
public interface IMetricSource
{
    /// <summary>The value of an expression at one moment (null: now, by the server's clock). NaN and infinities come through as they are: the caller says what they mean.</summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<ImmutableArray<MetricSample>>> QueryAsync(string expression, DateTimeOffset? at, CancellationToken cancellation);

    /// <summary>The values of an expression over a range; start and end are aligned to <paramref name="step"/> by the client. Non-finite values are gaps.</summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<ImmutableArray<MetricSeries>>> QueryRangeAsync(string expression, TimeRange range, TimeSpan step, CancellationToken cancellation);

    /// <summary>All metric names it has had samples of in the range.</summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<ImmutableArray<string>>> MetricNamesAsync(TimeRange range, CancellationToken cancellation);
}

/// <summary>One element of an instant vector. <paramref name="At"/> is the evaluation time, not the sample's own.</summary>
public sealed record MetricSample(ImmutableDictionary<string, string> Labels, DateTimeOffset At, double Value);

public sealed record MetricSeries(ImmutableDictionary<string, string> Labels, TimeSeries Series);
