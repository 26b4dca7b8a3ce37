using System.Collections.Immutable;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Collection;

/// <summary>KPIs, readings and failures as tests need them.</summary>
internal static class TestKpis
{
    public static DateTimeOffset Noon { get; } = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public static KpiDefinition Kpi(
        string id = "response-time",
        SourceKind source = SourceKind.Prometheus,
        KpiTarget? target = null,
        TimeSpan? interval = null,
        TimeSpan? window = null) => new()
    {
        Id = id,
        Name = id,
        ShortName = id,
        Group = "Response time",
        Unit = "ms",
        Target = target ?? new KpiTarget(Comparison.LessThan, 100, 10),
        Query = source switch
        {
            SourceKind.Prometheus => new KpiQuery.PromQl("up"),
            SourceKind.Jaeger => new KpiQuery.SlowestTrace(),
            SourceKind.Elasticsearch => new KpiQuery.LogShare("a", "b"),
            _ => new KpiQuery.Sql("select 1"),
        },
        Window = window ?? TimeSpan.FromMinutes(5),
        Interval = interval ?? TimeSpan.FromSeconds(5),
        Description = "",
        Owner = "",
        LeastSamples = 0,
    };

    public static KpiReading Reading(double? value, DateTimeOffset at) => new()
    {
        Value = value,
        MeasuredAt = at,
        Latency = TimeSpan.FromMilliseconds(3),
        Query = "up",
        NoValueReason = value is null ? "There were no requests in the last 5 minutes." : null,
    };

    public static KpiOutcome Measured(double? value, DateTimeOffset at) => new KpiOutcome.Measured(Reading(value, at));

    public static SourceFailure Failure(SourceKind source = SourceKind.Prometheus, FailureKind kind = FailureKind.Unreachable) =>
        new(source, kind, $"{source.Title()} refused the connection.", "Check that it runs.");

    public static KpiOutcome Failed(SourceKind source = SourceKind.Prometheus, FailureKind kind = FailureKind.Unreachable) =>
        new KpiOutcome.Failed(Failure(source, kind));

    public static ImmutableArray<FailureKind> FailureKinds { get; } = [.. Enum.GetValues<FailureKind>()];

    public static ImmutableArray<SourceKind> AllSources { get; } = [.. Enum.GetValues<SourceKind>()];
}
