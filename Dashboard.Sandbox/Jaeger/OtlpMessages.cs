using ProtoBuf;

namespace Dashboard.Sandbox.Jaeger;

// The messages of OTLP that carry spans. The field numbers are those of the OpenTelemetry protocol definition.

[ProtoContract]
internal sealed class OtlpTraceRequest
{
    [ProtoMember(1)]
    public List<OtlpResourceSpans> ResourceSpans { get; } = [];
}

[ProtoContract]
internal sealed class OtlpResourceSpans
{
    [ProtoMember(1)]
    public OtlpResource? Resource { get; set; }

    [ProtoMember(2)]
    public List<OtlpScopeSpans> ScopeSpans { get; } = [];
}

[ProtoContract]
internal sealed class OtlpResource
{
    [ProtoMember(1)]
    public List<OtlpKeyValue> Attributes { get; } = [];
}

[ProtoContract]
internal sealed class OtlpScopeSpans
{
    [ProtoMember(1)]
    public OtlpScope? Scope { get; set; }

    [ProtoMember(2)]
    public List<OtlpSpan> Spans { get; } = [];
}

[ProtoContract]
internal sealed class OtlpScope
{
    [ProtoMember(1)]
    public string? Name { get; set; }

    [ProtoMember(2)]
    public string? Version { get; set; }
}

[ProtoContract]
internal sealed class OtlpSpan
{
    [ProtoMember(1)]
    public byte[]? TraceId { get; set; }

    [ProtoMember(2)]
    public byte[]? SpanId { get; set; }

    [ProtoMember(3)]
    public string? TraceState { get; set; }

    [ProtoMember(4)]
    public byte[]? ParentSpanId { get; set; }

    [ProtoMember(5)]
    public string? Name { get; set; }

    [ProtoMember(6)]
    public int Kind { get; set; }

    [ProtoMember(7, DataFormat = DataFormat.FixedSize)]
    public ulong StartTimeUnixNano { get; set; }

    [ProtoMember(8, DataFormat = DataFormat.FixedSize)]
    public ulong EndTimeUnixNano { get; set; }

    [ProtoMember(9)]
    public List<OtlpKeyValue> Attributes { get; } = [];

    [ProtoMember(11)]
    public List<OtlpEvent> Events { get; } = [];

    [ProtoMember(13)]
    public List<OtlpLink> Links { get; } = [];

    [ProtoMember(15)]
    public OtlpStatus? Status { get; set; }
}

[ProtoContract]
internal sealed class OtlpEvent
{
    [ProtoMember(1, DataFormat = DataFormat.FixedSize)]
    public ulong TimeUnixNano { get; set; }

    [ProtoMember(2)]
    public string? Name { get; set; }

    [ProtoMember(3)]
    public List<OtlpKeyValue> Attributes { get; } = [];
}

[ProtoContract]
internal sealed class OtlpLink
{
    [ProtoMember(1)]
    public byte[]? TraceId { get; set; }

    [ProtoMember(2)]
    public byte[]? SpanId { get; set; }

    [ProtoMember(4)]
    public List<OtlpKeyValue> Attributes { get; } = [];
}

[ProtoContract]
internal sealed class OtlpStatus
{
    [ProtoMember(2)]
    public string? Message { get; set; }

    [ProtoMember(3)]
    public int Code { get; set; }
}

[ProtoContract]
internal sealed class OtlpKeyValue
{
    [ProtoMember(1)]
    public string? Key { get; set; }

    [ProtoMember(2)]
    public OtlpValue? Value { get; set; }
}

/// <summary>One of its members is set.</summary>
[ProtoContract]
internal sealed class OtlpValue
{
    [ProtoMember(1)]
    public string? Text { get; set; }

    [ProtoMember(2)]
    public bool? Flag { get; set; }

    [ProtoMember(3)]
    public long? Whole { get; set; }

    [ProtoMember(4)]
    public double? Real { get; set; }

    [ProtoMember(5)]
    public OtlpArray? Array { get; set; }

    [ProtoMember(6)]
    public OtlpPairs? Pairs { get; set; }

    [ProtoMember(7)]
    public byte[]? Bytes { get; set; }
}

[ProtoContract]
internal sealed class OtlpArray
{
    [ProtoMember(1)]
    public List<OtlpValue> Values { get; } = [];
}

[ProtoContract]
internal sealed class OtlpPairs
{
    [ProtoMember(1)]
    public List<OtlpKeyValue> Values { get; } = [];
}

[ProtoContract]
internal sealed class OtlpTraceResponse
{
    [ProtoMember(1)]
    public OtlpPartialSuccess? PartialSuccess { get; set; }
}

[ProtoContract]
internal sealed class OtlpPartialSuccess
{
    [ProtoMember(1)]
    public long RejectedSpans { get; set; }

    [ProtoMember(2)]
    public string? ErrorMessage { get; set; }
}
