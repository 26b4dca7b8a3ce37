using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Tests.Support;

/// <summary>Answers for the past as it is told, and counts how often it was asked.</summary>
public sealed class FakeKpiReader : IKpiReader
{
    private int _asked;

    public int TimesAskedForThePast => Volatile.Read(ref _asked);

    /// <summary>What the past is; by default a point at the start of the range and one a step later.</summary>
    public Func<KpiDefinition, TimeRange, TimeSpan, CancellationToken, Task<TimeSeries>> Past { get; set; } = (_, range, step, _) =>
        Task.FromResult(new TimeSeries([new Sample(range.Start, 41.2), new Sample(range.Start + step, 43)]));

    public Task<KpiOutcome> ReadAsync(KpiDefinition kpi, CancellationToken cancellation) => throw new NotSupportedException("The tests publish their scorecards themselves.");

    public Task<TimeSeries> PastAsync(KpiDefinition kpi, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        return Past(kpi, range, step, cancellation);
    }
}
