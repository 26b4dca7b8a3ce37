using System.Collections.Immutable;

namespace Dashboard.Core.Kpis.Dialects;

/// <summary>How one instrumentation names what the KPIs need. The queries are the same for all; only these names differ.</summary>
public sealed record MetricDialect
{
    /// <summary>The name used in configuration (<c>Metrics:Dialect</c>): lower-case words joined by hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>The request duration histogram in seconds, without its <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    public required string Duration { get; init; }

    /// <summary>The counter of finished requests.</summary>
    public required string Requests { get; init; }

    /// <summary>The label that holds a request's HTTP status code.</summary>
    public required string Status { get; init; }

    /// <summary>The label that holds a request's route.</summary>
    public required string Route { get; init; }

    /// <summary>
    /// A template for the rates of the requests the service failed: 5xx, timeouts, aborted with an error; not the client's own 4xx. Each series once, so that a
    /// request is counted once.
    /// </summary>
    public required string Failed { get; init; }

    /// <summary>The gauge of users with a session.</summary>
    public required string Users { get; init; }

    /// <summary>The database connection pools.</summary>
    public required PoolNames Pool { get; init; }

    /// <summary>The memory of the service's processes.</summary>
    public required MemoryNames Memory { get; init; }

    /// <summary>The metric names that give this dialect away: all of them have to be there.</summary>
    public required ImmutableArray<string> Telltales { get; init; }

    /// <summary>The dialect with the parts that are named apart from it: "OpenTelemetry .NET, pool: Npgsql 10, memory: dotnet_process_memory_working_set_bytes".</summary>
    public string Description => $"{Name}; pool: {Pool.Name}; memory: {Memory.Metric}";
}

/// <summary>How the metrics of a database connection pool are named.</summary>
/// <param name="Name">Whose pool it is, for people.</param>
/// <param name="Metric">A metric that is there whenever the pool is watched.</param>
/// <param name="Series">A template that selects that metric's series.</param>
/// <param name="Usage">A template for the connections in use, in percent of those allowed, one element a pool.</param>
public sealed record PoolNames(string Name, string Metric, string Series, string Usage);

/// <summary>How the memory of a process is named.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Series">A template that selects its series.</param>
/// <param name="Bytes">A template for the bytes in use, one element an instance.</param>
public sealed record MemoryNames(string Metric, string Series, string Bytes);
