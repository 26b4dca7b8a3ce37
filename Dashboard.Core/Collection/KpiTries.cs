using System.Diagnostics;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Collection;

/// <summary>What came of the tries at measuring a KPI so far: all that a verdict rests on.</summary>
/// <param name="Reading">The newest successful one, however old; null before the first.</param>
/// <param name="Failure">The newest try's failure; null where the newest try succeeded.</param>
public sealed record KpiTries(TakenReading? Reading = null, FailedTry? Failure = null)
{
    /// <summary>Before the first try.</summary>
    public static KpiTries None { get; } = new();

    /// <summary>After one more try, which ended at <paramref name="at"/>.</summary>
    public KpiTries With(KpiOutcome outcome, DateTimeOffset at) => outcome switch
    {
        KpiOutcome.Measured measured => new KpiTries(new TakenReading(measured.Reading, at)),
        KpiOutcome.Failed failed => this with { Failure = new FailedTry(failed.Failure, at) },
        _ => throw new UnreachableException(),
    };
}

/// <summary>A reading, and when it was received.</summary>
public sealed record TakenReading(KpiReading Reading, DateTimeOffset At)
{
    /// <summary>
    /// How long the reading proves anything: three of the KPI's intervals from when its newest datum was taken, or from when it was received where that was earlier
    /// (a clock that runs ahead buys no time).
    /// </summary>
    public DateTimeOffset ProvesUntil(KpiDefinition kpi) =>
        (Reading.MeasuredAt < At ? Reading.MeasuredAt : At) + (KpiVerdict.IntervalsUntilStale * kpi.Interval);
}

/// <summary>A failure, and when it was noticed.</summary>
public sealed record FailedTry(SourceFailure Failure, DateTimeOffset At);
