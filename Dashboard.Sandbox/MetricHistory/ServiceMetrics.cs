using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.MetricHistory;

/// <summary>The past of the service's other metrics: memory, users, its database connections and queries.</summary>
public static class ServiceMetrics
{
    /// <summary>The labels of everything that is scraped from the service.</summary>
    internal const string Target = $"job=\"reconciliation-api\",instance=\"{SandboxStory.Instance}\"";
    private const double MegaByte = 1024 * 1024;
    private const int PoolSize = 40;
    private const int OpenConnections = 8;

    private static string Database => Scope("Npgsql", "0.1.0");

    public static void Write(OpenMetricsWriter writer, PastConditions past)
    {
        var random = new Random(11);
        Gauge(writer, past, "reconciliation_active_users", $",{Scope("Reconciliation", SandboxStory.GoodVersion)}", s => Math.Round(past.LoadAt(s) / past[s].RequestsPerSecond * past[s].ConcurrentUsers));
        Gauge(writer, past, "http_server_active_requests", $",{Scope("Microsoft.AspNetCore.Hosting")},http_request_method=\"GET\",url_scheme=\"http\"", s => Sampled(random, InFlight(past, s)));
        Gauge(writer, past, "dotnet_process_memory_working_set_bytes", $",{Scope("System.Runtime")}", s => Math.Round(Memory(past, s, random) * MegaByte));

        var busy = new double[past.Steps.Count];
        var idle = new double[past.Steps.Count];
        for (var step = 0; step < busy.Length; step++)
        {
            busy[step] = Math.Min(Sampled(random, past.LoadAt(step) * DatabaseSeconds(past, step)), PoolSize);
            idle[step] = Math.Max(0, OpenConnections - busy[step]);
        }

        var pool = $"{{{Target},{Database},db_client_connection_pool_name=\"reconciliation\"";
        writer.Family("db_client_connection_count", "gauge");
        writer.Series("db_client_connection_count", $"{pool},db_client_connection_state=\"used\"}}", busy);
        writer.Series("db_client_connection_count", $"{pool},db_client_connection_state=\"idle\"}}", idle);
        Gauge(writer, past, "db_client_connection_max", $",{Database},db_client_connection_pool_name=\"reconciliation\"", _ => PoolSize);
        Queries(writer, past);
    }

    /// <summary>The labels that the Prometheus exporter of OpenTelemetry adds for the meter.</summary>
    internal static string Scope(string name, string? version = null) =>
        version is null ? $"otel_scope_name=\"{name}\"" : $"otel_scope_name=\"{name}\",otel_scope_version=\"{version}\"";

    private static void Queries(OpenMetricsWriter writer, PastConditions past)
    {
        const string name = "db_client_operation_duration_seconds";
        var (sums, counts) = (new double[past.Steps.Count], new double[past.Steps.Count]);
        var (seconds, queries) = (0.0, 0.0);
        var share = SandboxStory.Routes.Where(r => r.UsesDatabase).Sum(r => r.Weight) / 100;
        for (var step = 0; step < sums.Length; step++)
        {
            var requests = past.LoadAt(step) * past.Steps.Step;
            seconds += requests * DatabaseSeconds(past, step);
            queries += requests * share;
            (sums[step], counts[step]) = (Math.Round(seconds, 4), Math.Floor(queries));
        }

        var labels = $"{{{Target},{Database},db_client_connection_pool_name=\"reconciliation\",db_system_name=\"postgresql\",server_address=\"127.0.0.1\",server_port=\"5432\"}}";
        writer.Family(name, "histogram");
        writer.Series($"{name}_sum", labels, sums);
        writer.Series($"{name}_count", labels, counts);
    }

    // Little's law: what is there at a time is the rate of arrival times the time each stays.
    private static double InFlight(PastConditions past, int step) => past.LoadAt(step)
        * RequestOutcome.All.Sum(o => o.ShareIn(past[step]) * o.DurationIn(past[step], past.PaceAt(step)).Mean);

    /// <summary>Mean seconds in the database of one request.</summary>
    private static double DatabaseSeconds(PastConditions past, int step) =>
        RequestOutcome.All.Sum(o => o.ShareIn(past[step]) * o.DatabaseSecondsIn(past[step], past.PaceAt(step)));

    // Megabytes: grows with what is in flight, and with the load that the collector of garbage has to keep up with.
    private static double Memory(PastConditions past, int step, Random random) =>
        88 + (0.12 * past.LoadAt(step)) + (0.9 * InFlight(past, step)) + (1.2 * PastConditions.Gaussian(random));

    /// <summary>What a scrape sees of a number that changes all the time.</summary>
    private static double Sampled(Random random, double mean) =>
        Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * PastConditions.Gaussian(random))));

    private static void Gauge(OpenMetricsWriter writer, PastConditions past, string name, string labels, Func<int, double> value)
    {
        var values = new double[past.Steps.Count];
        for (var step = 0; step < values.Length; step++)
            values[step] = value(step);
        writer.Family(name, "gauge");
        writer.Series(name, $"{{{Target}{labels}}}", values);
    }
}
