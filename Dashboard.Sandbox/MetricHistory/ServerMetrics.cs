namespace Dashboard.Sandbox.MetricHistory;

/// <summary>The past of what the exporters of PostgreSQL and Redis tell.</summary>
public static class ServerMetrics
{
    private const string Postgres = "job=\"postgres\",instance=\"postgres-exporter:9187\"";
    private const string Redis = "job=\"redis\",instance=\"redis-exporter:9121\"";
    private const string PostgresServer = ",server=\"127.0.0.1:5432\"";
    private const string Database = ",datname=\"reconciliation\"";
    private const double MegaByte = 1024 * 1024;

    public static void Write(OpenMetricsWriter writer, PastConditions past)
    {
        var random = new Random(13);
        var (queries, hits) = (0.0, 0.0);

        writer.Family("pg_up", "gauge");
        Series(writer, past, "pg_up", Postgres, _ => 1);
        writer.Family("pg_settings_max_connections", "gauge");
        Series(writer, past, "pg_settings_max_connections", Postgres + PostgresServer, _ => 100);
        writer.Family("pg_stat_activity_count", "gauge");
        Series(writer, past, "pg_stat_activity_count", $"{Postgres}{PostgresServer}{Database},state=\"active\"", s => Active(past, s, random));
        Series(writer, past, "pg_stat_activity_count", $"{Postgres}{PostgresServer}{Database},state=\"idle\"", s => Math.Max(0, 6 - Math.Round(Active(past, s, random))));
        writer.Family("pg_stat_database_xact_commit", "counter");
        Series(writer, past, "pg_stat_database_xact_commit", $"{Postgres}{PostgresServer}{Database},datid=\"16384\"", s => Math.Floor(queries += past.LoadAt(s) * past.Steps.Step));

        writer.Family("redis_up", "gauge");
        Series(writer, past, "redis_up", Redis, _ => 1);
        writer.Family("redis_memory_used_bytes", "gauge");
        Series(writer, past, "redis_memory_used_bytes", Redis, s => Math.Round((1.1 + (0.004 * past.LoadAt(s)) + (0.01 * random.NextDouble())) * MegaByte));
        writer.Family("redis_memory_max_bytes", "gauge");
        Series(writer, past, "redis_memory_max_bytes", Redis, _ => 32 * MegaByte);
        writer.Family("redis_connected_clients", "gauge");
        Series(writer, past, "redis_connected_clients", Redis, _ => 3);
        writer.Family("redis_keyspace_hits_total", "counter");
        Series(writer, past, "redis_keyspace_hits_total", Redis, s => Math.Floor(hits += past.LoadAt(s) * past.Steps.Step * 0.3));

        writer.Family("up", "gauge");
        Series(writer, past, "up", ServiceMetrics.Target, _ => 1);
        Series(writer, past, "up", Postgres, _ => 1);
        Series(writer, past, "up", Redis, _ => 1);
    }

    // The statements that wait in a slow database are the ones a scrape finds at work.
    private static double Active(PastConditions past, int step, Random random) =>
        Math.Round(Math.Max(0, (0.008 * past.LoadAt(step) * past[step].DatabaseSlowdown) + (0.4 * PastConditions.Gaussian(random))));

    private static void Series(OpenMetricsWriter writer, PastConditions past, string name, string labels, Func<int, double> value)
    {
        var values = new double[past.Steps.Count];
        for (var step = 0; step < values.Length; step++)
            values[step] = value(step);
        writer.Series(name, $"{{{labels}}}", values);
    }
}
