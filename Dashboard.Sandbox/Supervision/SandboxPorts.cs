using Dashboard.Sandbox.Servers;

namespace Dashboard.Sandbox.Supervision;

/// <summary>The loopback ports of everything in the sandbox: the usual ones, others where those are in use.</summary>
public sealed class SandboxPorts
{
    private readonly List<string> _moved = [];
    private readonly bool _usual;

    /// <param name="usual">False takes free ports throughout, so that several sandboxes do not meet.</param>
    public SandboxPorts(bool usual)
    {
        _usual = usual;
        Postgres = Pick("PostgreSQL", 5432);
        Prometheus = Pick("Prometheus", 9090);
        Alertmanager = Pick("Alertmanager", 9093);
        Redis = Pick("Redis", 6379);
        PostgresExporter = Pick("the postgres exporter", 9187);
        RedisExporter = Pick("the redis exporter", 9121);
        Jaeger = Pick("Jaeger", 16686);
        Otlp = Pick("OTLP", 4318);
        Elasticsearch = Pick("Elasticsearch", 9200);
        Service = Pick("the reconciliation service", 2000);
        Control = Pick("the sandbox page", 5090);
    }

    public int Postgres { get; }

    public int Prometheus { get; }

    public int Alertmanager { get; }

    public int Redis { get; }

    public int PostgresExporter { get; }

    public int RedisExporter { get; }

    public int Jaeger { get; }

    public int Otlp { get; }

    public int Elasticsearch { get; }

    public int Service { get; }

    public int Control { get; }

    /// <summary>One sentence for each that did not get its usual port.</summary>
    public IReadOnlyList<string> Moved => _moved;

    private int Pick(string name, int usual)
    {
        if (!_usual)
            return LoopbackPort.Free();
        var port = LoopbackPort.Prefer(usual);
        if (port != usual)
            _moved.Add($"Port {usual} is in use: {name} takes {port}.");
        return port;
    }
}
