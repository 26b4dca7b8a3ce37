using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>What a KPI that is measured by PromQL was in the past.</summary>
internal sealed class MetricPast(IMetricSource metrics, MetricDialects dialects, MetricSettings settings)
{
    /// <summary>
    /// The values of a range query. A long window costs Prometheus its whole length at every step, and changes little from one to the next: it is asked for at
    /// steps of a 240th of the window at least, and the steps between repeat the one before.
    /// </summary>
    /// <exception cref="SourceException"/>
    public async Task<TimeSeries> PastAsync(KpiDefinition kpi, KpiQuery.PromQl query, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        var dialect = MetricQueries.NeedDialect(query) ? await dialects.FindAsync(cancellation) : null;
        if (dialect is null && MetricQueries.NeedDialect(query))
            return TimeSeries.Empty;

        var expression = MetricQueries.Of(query, kpi.Window, dialect, settings.Selector).Expression;
        var each = Math.Max(1, (long)Math.Floor(kpi.Window / 240 / step));
        var answer = await metrics.QueryRangeAsync(expression, range, each * step, cancellation);
        return answer.Value switch
        {
            [] => TimeSeries.Empty,
            [var only] => each is 1 ? only.Series : Repeated(only.Series, each * step, step, range.End),
            var several => throw new SourceException(MetricMeasurement.TooMany(several.Length)),
        };
    }

    private static TimeSeries Repeated(TimeSeries series, TimeSpan coarse, TimeSpan step, DateTimeOffset end)
    {
        var samples = new List<Sample>();
        foreach (var sample in series.Samples)
        {
            for (var at = sample.At; at < sample.At + coarse && at <= end; at += step)
                samples.Add(sample with { At = at });
        }

        return new([.. samples]);
    }
}
