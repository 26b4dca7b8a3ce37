using System.Diagnostics;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis;

/// <summary>Measures KPIs at their sources: the one place that tells the kinds of query apart and turns a source's failure into an outcome.</summary>
internal sealed class KpiReader(
    MetricMeasurement metrics, MetricPast past, TraceMeasurement traces, LogMeasurement logs, SqlMeasurement business) : IKpiReader
{
    public async Task<KpiOutcome> ReadAsync(KpiDefinition kpi, CancellationToken cancellation)
    {
        try
        {
            return await (kpi.Query switch
            {
                KpiQuery.PromQl query => metrics.MeasureAsync(kpi, query, cancellation),
                KpiQuery.SlowestTrace query => traces.MeasureAsync(kpi, query, cancellation),
                KpiQuery.LogShare query => logs.MeasureAsync(kpi, query, cancellation),
                KpiQuery.Sql query => business.MeasureAsync(kpi, query, cancellation),
                _ => throw new UnreachableException(),
            });
        }
        catch (SourceException failed)
        {
            return new KpiOutcome.Failed(failed.Failure);
        }
    }

    public Task<TimeSeries> PastAsync(KpiDefinition kpi, TimeRange range, TimeSpan step, CancellationToken cancellation) => kpi.Query switch
    {
        KpiQuery.PromQl query => past.PastAsync(kpi, query, range, step, cancellation),
        KpiQuery.SlowestTrace => Task.FromResult(TimeSeries.Empty),
        KpiQuery.LogShare query => logs.PastAsync(kpi, query, range, step, cancellation),
        KpiQuery.Sql query => business.PastAsync(kpi, query, range, step, cancellation),
        _ => throw new UnreachableException(),
    };
}
