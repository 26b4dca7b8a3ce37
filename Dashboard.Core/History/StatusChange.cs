using Dashboard.Core.Kpis;

namespace Dashboard.Core.History;

/// <summary>A KPI came into a status.</summary>
/// <param name="Kpi">The KPI's id.</param>
/// <param name="At">When.</param>
/// <param name="Status">Into which.</param>
public sealed record StatusChange(string Kpi, DateTimeOffset At, KpiStatus Status);
