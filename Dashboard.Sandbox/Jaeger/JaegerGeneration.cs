namespace Dashboard.Sandbox.Jaeger;

/// <summary>The generations of Jaeger's query interface that differ for a client.</summary>
public enum JaegerGeneration
{
    /// <summary>1.60 to 1.76: legacy interface and v3; unknown paths under /api answer with the user interface's page and status 200.</summary>
    V1,

    /// <summary>2.0 to 2.15: the same interface, the same page for unknown paths.</summary>
    EarlyV2,

    /// <summary>2.16 to 2.18: unknown paths under /api are a 404.</summary>
    V2_16,

    /// <summary>2.19 to 2.20: v3 has trace summaries, attributes in searches and names in camel case.</summary>
    V2_19,

    /// <summary>From 2.21: the legacy search, services and operations are gone.</summary>
    V2_21,
}
