using System.Collections.Immutable;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Tests.Support;

/// <summary>A scorecard with the sixteen documented KPIs, for tests of what shows it. The numbers are made up; each status occurs.</summary>
public static class SampleScorecard
{
    public static DateTimeOffset At { get; } = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Ids, names, groups, units and targets of the documented strategy, in its order.</summary>
    public static KpiCatalog Catalog { get; } = new(
    [
        Metric("response-time-avg", "Average response time", "Response time", "ms", Comparison.LessThan, 50),
        Metric("response-time-p95", "95th percentile response time", "Response time", "ms", Comparison.LessThan, 150),
        Metric("response-time-p99", "99th percentile response time", "Response time", "ms", Comparison.LessThan, 300),
        Of("response-time-max", "Maximum response time", "Response time", "ms", Comparison.LessThan, 1000, new KpiQuery.SlowestTrace()),
        Metric("requests-per-second", "Requests per second", "Throughput", "RPS", Comparison.GreaterThan, 2000),
        Metric("concurrent-users", "Concurrent users", "Throughput", "users", Comparison.GreaterThan, 1000),
        Metric("db-connections", "Database connections", "Throughput", "%", Comparison.LessThan, 40),
        Metric("memory-usage", "Memory usage", "Throughput", "MB", Comparison.LessThan, 128),
        Metric("error-rate", "Error rate", "Errors", "%", Comparison.LessThan, 0.1),
        Metric("error-rate-4xx", "4xx error rate", "Errors", "%", Comparison.LessThan, 1),
        Metric("error-rate-5xx", "5xx error rate", "Errors", "%", Comparison.LessThan, 0.01),
        Of("timeout-rate", "Timeout rate", "Errors", "%", Comparison.LessThan, 0.01, new KpiQuery.LogShare("error.type:timeout", "event.dataset:access")),
        Rows("user-satisfaction", "User satisfaction", "of 5", 4.5),
        Rows("task-completion", "Task completion rate", "%", 95),
        Of("availability", "System availability", "Business", "%", Comparison.GreaterThan, 99.9, new KpiQuery.PromQl("avg_over_time(up[$window])")),
        Rows("data-accuracy", "Data accuracy", "%", 99.5),
    ]);

    /// <summary>All KPIs: the first three met, at risk and missed; the traces' one stale, the logs' one down, the fifth without data, the rest met.</summary>
    public static Scorecard Create(long sequence = 1, string? environment = null) =>
        new(sequence, At.AddSeconds(sequence), [.. Catalog.All.Select((kpi, at) => State(kpi, at))], Sources(), environment);

    public static ImmutableArray<SourceState> Sources() =>
    [
        Source(SourceKind.Prometheus, "http://prometheus.example:9090") with { Reachable = true, Version = "2.42.0", Dialect = "OpenTelemetry", Latency = TimeSpan.FromMilliseconds(4), LastSuccessAt = At },
        Source(SourceKind.Jaeger, "http://jaeger.example:16686") with { Reachable = true, Version = "2.20.0", Degraded = ["Search by attribute is not possible."], ClockSkew = TimeSpan.FromSeconds(-3), LastSuccessAt = At },
        Source(SourceKind.Elasticsearch, "http://elastic.example:9200") with { Reachable = false, LastError = "Elasticsearch refused the connection at http://elastic.example:9200.", LastErrorAt = At },
        Source(SourceKind.Postgres, "db.example:5432/reconciliation"),
    ];

    public static KpiState State(KpiDefinition kpi, KpiStatus status, double? value = 1, string? reason = null) => new()
    {
        Definition = kpi,
        Status = status,
        Since = At.AddHours(-1),
        Reason = reason,
        Reading = new KpiReading
        {
            Value = value,
            MeasuredAt = At.AddSeconds(-2),
            Latency = TimeSpan.FromMilliseconds(3),
            Query = kpi.Query.Text.Replace("$window", "5m", StringComparison.Ordinal),
            SampleCount = 1200,
            Coverage = 1,
        },
        Recent = new TimeSeries([new Sample(At.AddMinutes(-1), 1), new Sample(At, 2)]),
        AgainstPrevious = new KpiChange(2, -0.5, Better: true, IsNoise: false),
        Attainments = [new Attainment("24h", 0.998, 1), new Attainment("7d", 0.99, 0.5), new Attainment("30d", null, 0)],
    };

    private static KpiState State(KpiDefinition kpi, int at) => at switch
    {
        1 => State(kpi, KpiStatus.AtRisk, kpi.Target.Value * 0.95),
        2 => State(kpi, KpiStatus.Missed, kpi.Target.Value * 1.5),
        3 => State(kpi, KpiStatus.Stale, 812, "The newest data is 2 min old."),
        4 => State(kpi, KpiStatus.NoData, null, "No requests in the window."),
        11 => State(kpi, KpiStatus.SourceDown, 0.001, "Elasticsearch refused the connection at http://elastic.example:9200."),
        _ => State(kpi, KpiStatus.Met, kpi.Target.Comparison is Comparison.LessThan ? kpi.Target.Value / 2 : kpi.Target.Value * 1.001),
    };

    private static SourceState Source(SourceKind source, string address) => new()
    {
        Source = source,
        Address = address,
        Kpis = [.. Catalog.All.Where(k => k.Query.Source == source).Select(k => k.Id)],
    };

    private static KpiDefinition Metric(string id, string name, string group, string unit, Comparison comparison, double target) =>
        Of(id, name, group, unit, comparison, target, new KpiQuery.PromQl($"value_of_{id.Replace('-', '_')}[$window]"));

    private static KpiDefinition Rows(string id, string name, string unit, double target) =>
        Of(id, name, "Business", unit, Comparison.GreaterThan, target, new KpiQuery.Sql("select 1 as value")) with { Interval = TimeSpan.FromSeconds(30), Window = TimeSpan.FromHours(24) };

    private static KpiDefinition Of(string id, string name, string group, string unit, Comparison comparison, double target, KpiQuery query) => new()
    {
        Id = id,
        Name = name,
        ShortName = name,
        Group = group,
        Unit = unit,
        Target = new KpiTarget(comparison, target, target * 0.1),
        Query = query,
        Window = TimeSpan.FromMinutes(5),
        Interval = TimeSpan.FromSeconds(5),
        Description = $"What {name} means.",
        Owner = "Operations",
        LeastSamples = 0,
    };
}
