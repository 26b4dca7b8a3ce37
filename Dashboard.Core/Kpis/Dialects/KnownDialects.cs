using System.Collections.Immutable;

namespace Dashboard.Core.Kpis.Dialects;

/// <summary>
/// The instrumentations whose names are known, most telling first. Sources: OpenTelemetry's semantic conventions for HTTP and database metrics and its
/// Prometheus name translation; the documentation of prometheus-net, Micrometer, prom-client, Npgsql, HikariCP and postgres_exporter.
/// </summary>
public static class KnownDialects
{
    private static readonly PoolNames Npgsql10 = Pool("Npgsql 10", "db_client_connection_max", "db_client_connection_pool_name",
        "db_client_connection_count{$selector,db_client_connection_state=\"used\"}");

    private static readonly PoolNames Npgsql8 = Pool("Npgsql 8 and 9", "db_client_connections_max", "pool_name",
        "db_client_connections_usage{$selector,state=\"used\"}");

    private static readonly PoolNames HikariMicrometer = Pool("HikariCP by Micrometer", "hikaricp_connections_max", "pool", "hikaricp_connections_active{$selector}");

    private static readonly PoolNames Hikari = Pool("HikariCP", "hikaricp_max_connections", "pool", "hikaricp_active_connections{$selector}");

    // The exporter is another job than the service, so the service's selector does not apply.
    private static readonly PoolNames ServerSide = new("PostgreSQL server", "pg_settings_max_connections", "pg_settings_max_connections",
        "100 * sum by (job, instance) (pg_stat_activity_count) / max by (job, instance) (pg_settings_max_connections)");

    private static readonly PoolNames DottedPool = new("Npgsql 10", "db.client.connection.max", "{\"db.client.connection.max\",$selector}",
        "100 * sum by (job, instance, \"db.client.connection.pool.name\") ({\"db.client.connection.count\",$selector,\"db.client.connection.state\"=\"used\"})"
        + " / sum by (job, instance, \"db.client.connection.pool.name\") ({\"db.client.connection.max\",$selector})");

    private static readonly MemoryNames DotnetBytes = Memory("dotnet_process_memory_working_set_bytes");
    private static readonly MemoryNames Dotnet = Memory("dotnet_process_memory_working_set");
    private static readonly MemoryNames DottedDotnet = new(
        "dotnet.process.memory.working_set", "{\"dotnet.process.memory.working_set\",$selector}", "{\"dotnet.process.memory.working_set\",$selector}");

    private static readonly MemoryNames WorkingSet = Memory("process_working_set_bytes");
    private static readonly MemoryNames Resident = Memory("process_resident_memory_bytes");
    private static readonly MemoryNames Jvm = new("jvm_memory_used_bytes", "jvm_memory_used_bytes{$selector}", "sum by (job, instance) (jvm_memory_used_bytes{$selector})");

    /// <summary>ASP.NET Core's own metrics by OpenTelemetry, scraped from the service or through a collector that adds units to the names.</summary>
    public static MetricDialect OpenTelemetry { get; } = new()
    {
        Id = "opentelemetry",
        Name = "OpenTelemetry .NET",
        Duration = "http_server_request_duration_seconds",
        Requests = "http_server_request_duration_seconds_count",
        Status = "http_response_status_code",
        Route = "http_route",
        Failed = FailedByErrorType("error_type"),
        Users = "reconciliation_active_users",
        Pool = Npgsql10,
        Memory = DotnetBytes,
        Telltales = ["http_server_request_duration_seconds_count"],
    };

    /// <summary>OpenTelemetry through a collector that leaves units out of the names.</summary>
    public static MetricDialect OpenTelemetryWithoutUnits { get; } = OpenTelemetry with
    {
        Id = "opentelemetry-without-units",
        Name = "OpenTelemetry through a collector without unit suffixes",
        Duration = "http_server_request_duration",
        Requests = "http_server_request_duration_count",
        Memory = Dotnet,
        Telltales = ["http_server_request_duration_count"],
    };

    /// <summary>OpenTelemetry with its own dotted names, as Prometheus 3 keeps them.</summary>
    public static MetricDialect OpenTelemetryDotted { get; } = OpenTelemetry with
    {
        Id = "opentelemetry-dotted",
        Name = "OpenTelemetry with dotted (UTF-8) names",
        Duration = "http.server.request.duration",
        Requests = "http.server.request.duration_count",
        Status = "http.response.status_code",
        Route = "http.route",
        Failed = FailedByErrorType("\"error.type\""),
        Users = "reconciliation.active_users",
        Pool = DottedPool,
        Memory = DottedDotnet,
        Telltales = ["http.server.request.duration_count"],
    };

    /// <summary>Micrometer (Spring Boot). Percentiles need its percentile histograms switched on.</summary>
    public static MetricDialect Micrometer { get; } = new()
    {
        Id = "micrometer",
        Name = "Micrometer",
        Duration = "http_server_requests_seconds",
        Requests = "http_server_requests_seconds_count",
        Status = "status",
        Route = "uri",
        Failed = FailedByStatus,
        Users = "reconciliation_active_users",
        Pool = HikariMicrometer,
        Memory = Jvm,
        Telltales = ["http_server_requests_seconds_count"],
    };

    /// <summary>prometheus-net 8.</summary>
    public static MetricDialect PrometheusNet { get; } = new()
    {
        Id = "prometheus-net",
        Name = "prometheus-net 8",
        Duration = "http_request_duration_seconds",
        Requests = "http_requests_received_total",
        Status = "code",
        Route = "endpoint",
        Failed = FailedByStatus,
        Users = "reconciliation_active_users",
        Pool = ServerSide,
        Memory = WorkingSet,
        Telltales = ["http_requests_received_total", "http_request_duration_seconds_count"],
    };

    /// <summary>prom-client (Node.js) with the usual Express middleware. Its histogram is named like prometheus-net's, so it comes after it.</summary>
    public static MetricDialect PromClient { get; } = new()
    {
        Id = "prom-client",
        Name = "prom-client",
        Duration = "http_request_duration_seconds",
        Requests = "http_request_duration_seconds_count",
        Status = "status_code",
        Route = "path",
        Failed = FailedByStatus,
        Users = "reconciliation_active_users",
        Pool = ServerSide,
        Memory = Resident,
        Telltales = ["http_request_duration_seconds_count"],
    };

    public static ImmutableArray<MetricDialect> All { get; } =
        [OpenTelemetry, OpenTelemetryWithoutUnits, OpenTelemetryDotted, Micrometer, PrometheusNet, PromClient];

    /// <summary>Client-side pools before the server's own count: the target is about the pool.</summary>
    public static ImmutableArray<PoolNames> Pools { get; } = [Npgsql10, Npgsql8, DottedPool, HikariMicrometer, Hikari, ServerSide];

    public static ImmutableArray<MemoryNames> Memories { get; } = [DotnetBytes, Dotnet, DottedDotnet, WorkingSet, Jvm, Resident];

    public static MetricDialect? Find(string id) => All.FirstOrDefault(d => d.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    // "or" keeps the series of the left side and adds those of the right that are not among them, so none is added twice. The first is what the service
    // answered as its own failure, the second what it gave up on, the third what broke off with an error after a good status.
    private static string FailedByErrorType(string error) =>
        "rate($requests{$selector,$status=~\"5..\"}[$window])"
        + " or rate($requests{$selector," + error + "=\"timeout\"}[$window])"
        + " or rate($requests{$selector,$status!~\"4..\"," + error + "!=\"\"}[$window])";

    // Without a label for the error, 408 is the only other sign of a timeout (504 is a 5xx).
    private static string FailedByStatus => "rate($requests{$selector,$status=~\"5..|408\"}[$window])";

    private static PoolNames Pool(string name, string most, string pool, string used) => new(name, most, most + "{$selector}",
        "100 * sum by (job, instance, " + pool + ") (" + used + ") / sum by (job, instance, " + pool + ") (" + most + "{$selector})");

    private static MemoryNames Memory(string metric) => new(metric, metric + "{$selector}", metric + "{$selector}");
}
