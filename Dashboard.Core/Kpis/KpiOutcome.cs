using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis;

/// <summary>What came of one try at measuring a KPI: a reading or a failure, never both and never neither.</summary>
public abstract record KpiOutcome
{
    private KpiOutcome()
    {
    }

    /// <summary>The source answered (possibly that there is nothing to measure).</summary>
    public sealed record Measured(KpiReading Reading) : KpiOutcome;

    /// <summary>The source did not answer, or not understandably.</summary>
    public sealed record Failed(SourceFailure Failure) : KpiOutcome;
}
