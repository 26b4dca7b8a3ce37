using BenchmarkDotNet.Attributes;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Web.Scorecards;

namespace Dashboard.Benchmarks.Micro;

/// <summary>What each KPI's line costs once a minute: thinning six hours of minutes, then writing them as a card's line. Read the ratio and the allocations.</summary>
[MemoryDiagnoser]
public class LineBenchmarks
{
    private static readonly KpiTarget Target = new(Comparison.LessThan, 150, 15);
    private TimeSeries _minutes = TimeSeries.Empty;
    private TimeSeries _thinned = TimeSeries.Empty;

    [GlobalSetup]
    public void Prepare()
    {
        _minutes = new TimeSeries([.. Enumerable.Range(0, 360).Select(i => new Sample(DateTimeOffset.UnixEpoch.AddMinutes(i), 100 + (i * 7919 % 83)))]);
        _thinned = Downsample.MinMax(_minutes, 72);
    }

    [Benchmark(Baseline = true)]
    public TimeSeries Thin() => Downsample.MinMax(_minutes, 72);

    [Benchmark]
    public string Encode() => SparkLine.Encode(_thinned, Target, KpiState.RecentSpan);
}
