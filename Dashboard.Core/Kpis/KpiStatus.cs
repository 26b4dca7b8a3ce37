namespace Dashboard.Core.Kpis;

/// <summary>
/// What is claimed of a KPI, in order of severity: the worst of several is the largest. What is not known is worse than what is at risk,
/// since it may hide anything; a proven miss is the worst.
/// </summary>
public enum KpiStatus
{
    /// <summary>Fresh data proves the target met, outside the warning margin.</summary>
    Met,

    /// <summary>Fresh data proves the target met, inside the warning margin.</summary>
    AtRisk,

    /// <summary>The source answered that there is nothing to measure.</summary>
    NoData,

    /// <summary>The newest data is older than three intervals.</summary>
    Stale,

    /// <summary>The source failed to answer.</summary>
    SourceDown,

    /// <summary>Fresh data proves the target missed.</summary>
    Missed,
}

public static class KpiStatuses
{
    /// <summary>The name used by the API and in configuration: <c>met|at_risk|missed|no_data|stale|source_down</c>.</summary>
    public static string ToWire(this KpiStatus status) => status switch
    {
        KpiStatus.Met => "met",
        KpiStatus.AtRisk => "at_risk",
        KpiStatus.NoData => "no_data",
        KpiStatus.Stale => "stale",
        KpiStatus.SourceDown => "source_down",
        KpiStatus.Missed => "missed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a KPI status."),
    };

    /// <summary>The status of a wire name, null where it is none.</summary>
    public static KpiStatus? FromWire(string name) => name switch
    {
        "met" => KpiStatus.Met,
        "at_risk" => KpiStatus.AtRisk,
        "missed" => KpiStatus.Missed,
        "no_data" => KpiStatus.NoData,
        "stale" => KpiStatus.Stale,
        "source_down" => KpiStatus.SourceDown,
        _ => null,
    };

    /// <summary>True where fresh data shows the target met (inside its margin or not). The only states that count as attained.</summary>
    public static bool IsAttained(this KpiStatus status) => status is KpiStatus.Met or KpiStatus.AtRisk;

    /// <summary>True where fresh data allows a verdict at all.</summary>
    public static bool IsKnown(this KpiStatus status) => status is KpiStatus.Met or KpiStatus.AtRisk or KpiStatus.Missed;
}
