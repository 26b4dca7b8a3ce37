using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>How the embedded trace server is started.</summary>
public sealed record JaegerServerOptions
{
    /// <summary>Port of the query interface on loopback; 0 takes a free one. Jaeger's own is 16686.</summary>
    public int QueryPort { get; init; }

    /// <summary>Port of OTLP over HTTP on loopback; 0 takes a free one. The usual one is 4318.</summary>
    public int OtlpPort { get; init; }

    /// <summary>Which generation of the query interface is spoken.</summary>
    public JaegerGeneration Generation { get; init; } = JaegerGeneration.V2_19;

    /// <summary>Spans held at most; the oldest traces make room for new ones.</summary>
    public int MaxSpans { get; init; } = 100_000;

    /// <summary>Bytes held at most, as estimated from the spans' content.</summary>
    public long MaxBytes { get; init; } = 80 * 1024 * 1024;

    /// <summary>Bytes of one OTLP request at most, decompressed.</summary>
    public long MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The past to begin with; null begins empty. Spans of the past stay while live ones come and go.</summary>
    public RequestHistory? History { get; init; }
}
