using System.Collections.Immutable;
using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Kpis;

/// <summary>All four sources, answering as a test tells them, with a reader on top.</summary>
internal sealed class FakeSources : IMetricSource, ITraceSource, ILogSource, IBusinessSource
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly List<(Func<string, bool> Asked, Func<ImmutableArray<MetricSample>> Answer)> _metrics = [];
    private readonly Lock _lock = new();

    public FakeSources()
    {
        Dialects = new MetricDialects(this, Settings, Clock);
        var shared = new SharedMetricQueries(this, Clock);
        Reader = new KpiReader(
            new MetricMeasurement(this, shared, Dialects, Settings, Clock), new MetricPast(this, Dialects, Settings),
            new TraceMeasurement(this, shared, Dialects, Settings, "reconciliation-service", Clock), new LogMeasurement(this, Clock), new SqlMeasurement(this, Clock));
        Checker = kpis => new TargetChecker(new KpiCatalog([.. kpis]), shared, Dialects, Settings);
    }

    public FakeTimeProvider Clock { get; } = new(Start);

    public MetricSettings Settings { get; } = new();

    public MetricDialects Dialects { get; }

    public KpiReader Reader { get; }

    public Func<IEnumerable<KpiDefinition>, TargetChecker> Checker { get; }

    public ImmutableArray<string> Names { get; set; } = ["http_server_request_duration_seconds_count", "db_client_connection_max", "dotnet_process_memory_working_set_bytes"];

    public List<string> Asked { get; } = [];

    public SourceException? Failure { get; set; }

    public ImmutableArray<string> Warnings { get; set; } = [];

    /// <summary>The servers' clocks − ours.</summary>
    public TimeSpan Skew { get; set; }

    public Func<TimeRange, TimeSpan, ImmutableArray<MetricSeries>> Range { get; set; } = (_, _) => [];

    public Func<TimeRange, SlowestSpan?> Slowest { get; set; } = _ => null;

    public Func<TimeRange, LogCounts> Counts { get; set; } = range => new(range.Start, 0, 0, null, "{}");

    public Func<TimeRange, BusinessValue> Row { get; set; } = _ => new(null, 0, null, null);

    /// <summary>The latest that fits a query wins; a query that nothing fits has an empty answer.</summary>
    public FakeSources Metric(Func<string, bool> asked, params double[] values)
    {
        _metrics.Add((asked, () => [.. values.Select((v, i) => new MetricSample(
            values.Length > 1 ? ImmutableDictionary<string, string>.Empty.Add("instance", $"{i}") : ImmutableDictionary<string, string>.Empty, Clock.GetUtcNow() + Skew, v))]));
        return this;
    }

    public FakeSources Buckets(params (string Bound, double Cumulative)[] buckets)
    {
        _metrics.Add((q => q.StartsWith("sum by (le)", StringComparison.Ordinal), () => [.. buckets.Select(b =>
            new MetricSample(ImmutableDictionary<string, string>.Empty.Add("le", b.Bound), Clock.GetUtcNow() + Skew, b.Cumulative))]));
        return this;
    }

    /// <summary>Answers about age, coverage and count as a healthy service would.</summary>
    public FakeSources Healthy(double requests = 12_000, double age = 2) => this
        .Metric(q => q.StartsWith("max(timestamp(", StringComparison.Ordinal), (Start - DateTimeOffset.UnixEpoch).TotalSeconds - age)
        .Metric(q => q.StartsWith("count_over_time(", StringComparison.Ordinal), 20)
        .Metric(q => q.StartsWith("sum(increase(", StringComparison.Ordinal), requests)
        .Metric(q => q.StartsWith("count(", StringComparison.Ordinal), 8)
        .Metric(q => q.StartsWith("up{", StringComparison.Ordinal), 1);

    public async Task<KpiReading> ReadAsync(KpiDefinition kpi) =>
        Assert.IsType<KpiOutcome.Measured>(await Reader.ReadAsync(kpi, TestContext.Current.CancellationToken)).Reading;

    public Task<KpiReading> ReadAsync(string id) => ReadAsync(Kpi(id));

    public async Task<SourceFailure> FailAsync(string id) =>
        Assert.IsType<KpiOutcome.Failed>(await Reader.ReadAsync(Kpi(id), TestContext.Current.CancellationToken)).Failure;

    public static KpiDefinition Kpi(string id) => BuiltInKpis.All.Single(k => k.Id == id);

    public Task<SourceAnswer<ImmutableArray<MetricSample>>> QueryAsync(string expression, DateTimeOffset? at, CancellationToken cancellation)
    {
        lock (_lock)
            Asked.Add(expression);
        return Answered(_metrics.LastOrDefault(m => m.Asked(expression)).Answer?.Invoke() ?? []);
    }

    public Task<SourceAnswer<ImmutableArray<MetricSeries>>> QueryRangeAsync(string expression, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        lock (_lock)
            Asked.Add(expression);
        return Answered(Range(range, step));
    }

    public Task<SourceAnswer<ImmutableArray<string>>> MetricNamesAsync(TimeRange range, CancellationToken cancellation)
    {
        lock (_lock)
            Asked.Add("names");
        return Answered(Names);
    }

    public Task<SourceAnswer<SlowestSpan?>> SlowestAsync(string service, TimeRange range, CancellationToken cancellation) => Answered(Slowest(range));

    public Task<SourceAnswer<LogCounts>> CountAsync(string matching, string among, TimeRange range, CancellationToken cancellation) => Answered(Counts(range));

    public Task<SourceAnswer<IReadOnlyList<LogCounts>>> CountByTimeAsync(string matching, string among, TimeRange range, TimeSpan interval, CancellationToken cancellation)
    {
        // Only whole intervals, at multiples of their length.
        List<LogCounts> counts = [];
        var first = new DateTimeOffset((range.Start.UtcTicks + interval.Ticks - 1) / interval.Ticks * interval.Ticks, TimeSpan.Zero);
        for (var at = first; at + interval <= range.End; at += interval)
            counts.Add(Counts(new(at, at + interval)));
        return Answered<IReadOnlyList<LogCounts>>(counts);
    }

    public Task<SourceAnswer<BusinessValue>> MeasureAsync(string statement, TimeRange range, CancellationToken cancellation)
    {
        lock (_lock)
            Asked.Add(statement);
        return Answered(Row(range));
    }

    private Task<SourceAnswer<T>> Answered<T>(T value) =>
        Failure is { } failure ? Task.FromException<SourceAnswer<T>>(failure) : Task.FromResult(new SourceAnswer<T>(value, TimeSpan.Zero, Warnings, Clock.GetUtcNow() + Skew));
}
