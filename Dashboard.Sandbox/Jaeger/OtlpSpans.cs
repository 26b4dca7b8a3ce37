using System.Buffers.Binary;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Turns OTLP's messages into spans. Equal strings of live traffic are held once.</summary>
internal sealed class OtlpSpans
{
    private readonly StringPool _strings = new(capacity: 8_192);

    /// <summary>The valid spans of a request, and the number of those that are not (no trace id, no span id, of the wrong length).</summary>
    public (List<Span> Spans, int Rejected) Read(OtlpTraceRequest request)
    {
        var (spans, rejected) = (new List<Span>(), 0);
        foreach (var resourceSpans in request.ResourceSpans)
        {
            var attributes = Attributes(resourceSpans.Resource?.Attributes);
            var service = Array.Find(attributes, a => a.Key is "service.name").Value as string;
            var resource = new SpanResource(service is { Length: > 0 } ? service : "OTLPResourceNoServiceName", attributes);
            foreach (var scopeSpans in resourceSpans.ScopeSpans)
            {
                var scope = new SpanScope(_strings.Get(scopeSpans.Scope?.Name), _strings.Get(scopeSpans.Scope?.Version));
                foreach (var span in scopeSpans.Spans)
                {
                    if (span.TraceId is not { Length: 16 } || span.SpanId is not { Length: 8 } || TraceId(span.TraceId) == 0 || SpanId(span.SpanId) is 0)
                        rejected++;
                    else
                        spans.Add(Read(span, resource, scope));
                }
            }
        }

        return (spans, rejected);
    }

    private Span Read(OtlpSpan span, SpanResource resource, SpanScope scope) => new()
    {
        TraceId = TraceId(span.TraceId),
        SpanId = SpanId(span.SpanId),
        ParentId = SpanId(span.ParentSpanId),
        Name = _strings.Get(span.Name),
        Kind = span.Kind,
        Start = Time(span.StartTimeUnixNano),
        End = Time(span.EndTimeUnixNano),
        Resource = resource,
        Scope = scope,
        Attributes = Attributes(span.Attributes),
        Events = [.. span.Events.Select(e => new SpanEvent(Time(e.TimeUnixNano), _strings.Get(e.Name), Attributes(e.Attributes)))],
        Links = [.. span.Links.Select(l => new SpanLink(TraceId(l.TraceId), SpanId(l.SpanId), Attributes(l.Attributes)))],
        TraceState = _strings.Get(span.TraceState),
        StatusCode = span.Status?.Code ?? 0,
        StatusMessage = _strings.Get(span.Status?.Message),
    };

    private SpanAttribute[] Attributes(List<OtlpKeyValue>? pairs) =>
        pairs is null or [] ? [] : [.. pairs.Where(p => p.Key is { Length: > 0 }).Select(p => new SpanAttribute(_strings.Get(p.Key), Value(p.Value)))];

    private object Value(OtlpValue? value) => value switch
    {
        { Whole: { } whole } => whole,
        { Flag: { } flag } => flag,
        { Real: { } real } => real,
        { Array: { } array } => array.Values.Select(Value).ToArray(),
        { Pairs: { } pairs } => Attributes(pairs.Values),
        { Bytes: { } bytes } => bytes,
        _ => _strings.Get(value?.Text),
    };

    private static UInt128 TraceId(byte[]? bytes) => bytes is { Length: 16 } ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;

    private static ulong SpanId(byte[]? bytes) => bytes is { Length: 8 } ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    private static long Time(ulong nanoseconds) => (long)Math.Min(nanoseconds, long.MaxValue);
}
