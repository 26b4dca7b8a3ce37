namespace Dashboard.Core.Kpis;

/// <summary>The four monitored systems.</summary>
public enum SourceKind
{
    Prometheus,
    Jaeger,
    Elasticsearch,
    Postgres,
}

public static class SourceKinds
{
    /// <summary>The name used by the API and in configuration: <c>prometheus|jaeger|elasticsearch|postgres</c>.</summary>
    public static string ToWire(this SourceKind source) => source switch
    {
        SourceKind.Prometheus => "prometheus",
        SourceKind.Jaeger => "jaeger",
        SourceKind.Elasticsearch => "elasticsearch",
        SourceKind.Postgres => "postgres",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Not a source."),
    };

    /// <summary>The name shown to people.</summary>
    public static string Title(this SourceKind source) => source is SourceKind.Postgres ? "PostgreSQL" : source.ToString();
}
