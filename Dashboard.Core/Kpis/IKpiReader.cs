using Dashboard.Core.Series;

namespace Dashboard.Core.Kpis;

/// <summary>Measures KPIs at their sources.</summary>
public interface IKpiReader
{
    /// <summary>Measures a KPI now. Failures of sources are outcomes; only cancellation throws.</summary>
    Task<KpiOutcome> ReadAsync(KpiDefinition kpi, CancellationToken cancellation);

    /// <summary>
    /// What the KPI was at each step of a past range, as far as its source can still tell; empty where it cannot (traces). Values are in the KPI's unit.
    /// </summary>
    /// <exception cref="Sources.SourceException"/>
    Task<TimeSeries> PastAsync(KpiDefinition kpi, TimeRange range, TimeSpan step, CancellationToken cancellation);
}
