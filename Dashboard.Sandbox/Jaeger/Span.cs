namespace Dashboard.Sandbox.Jaeger;

/// <summary>A span as OpenTelemetry defines it. Immutable; times are nanoseconds since 1970.</summary>
internal sealed record Span
{
    public required UInt128 TraceId { get; init; }

    public required ulong SpanId { get; init; }

    /// <summary>0 where it has no parent.</summary>
    public ulong ParentId { get; init; }

    public required string Name { get; init; }

    /// <summary>OpenTelemetry's number: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int Kind { get; init; }

    public required long Start { get; init; }

    public required long End { get; init; }

    public required SpanResource Resource { get; init; }

    public required SpanScope Scope { get; init; }

    public SpanAttribute[] Attributes { get; init; } = [];

    public SpanEvent[] Events { get; init; } = [];

    public SpanLink[] Links { get; init; } = [];

    public string TraceState { get; init; } = "";

    /// <summary>OpenTelemetry's number: 0 unset, 1 ok, 2 error.</summary>
    public int StatusCode { get; init; }

    public string StatusMessage { get; init; } = "";

    /// <summary>Never negative, whatever the clocks said.</summary>
    public long Duration => Math.Max(0, End - Start);

    public bool Failed => StatusCode is 2;

    public string KindName => Kind switch
    {
        1 => "internal",
        2 => "server",
        3 => "client",
        4 => "producer",
        5 => "consumer",
        _ => "",
    };
}

/// <summary>Who made a span.</summary>
internal sealed record SpanResource(string Service, SpanAttribute[] Attributes);

/// <summary>The instrumentation that made a span.</summary>
internal sealed record SpanScope(string Name, string Version);

/// <summary>A value is a string, bool, long, double, byte[], object[] of these or SpanAttribute[].</summary>
internal readonly record struct SpanAttribute(string Key, object Value);

internal sealed record SpanEvent(long At, string Name, SpanAttribute[] Attributes);

internal sealed record SpanLink(UInt128 TraceId, ulong SpanId, SpanAttribute[] Attributes);
