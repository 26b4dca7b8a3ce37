using System.Diagnostics;

namespace Dashboard.Core.Kpis.Configuration;

/// <summary>How often KPIs are read unless they say otherwise, a source at a time (settings under <c>Collection:Intervals</c>).</summary>
public sealed record ReadingIntervals
{
    public const string Section = "Collection:Intervals";

    public TimeSpan Prometheus { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Jaeger { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Elasticsearch { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Postgres { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval for a KPI of a source. A metric over a day or more moves slowly and costs Prometheus the whole window: it is read once a minute at most.</summary>
    public TimeSpan For(SourceKind source, TimeSpan window) => source switch
    {
        SourceKind.Prometheus when window >= TimeSpan.FromDays(1) && Prometheus < TimeSpan.FromMinutes(1) => TimeSpan.FromMinutes(1),
        SourceKind.Prometheus => Prometheus,
        SourceKind.Jaeger => Jaeger,
        SourceKind.Elasticsearch => Elasticsearch,
        SourceKind.Postgres => Postgres,
        _ => throw new UnreachableException(),
    };
}
