using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Reads OTLP's JSON form (ids in hexadecimal, 64-bit numbers as strings or numbers, enums as numbers) into the protobuf form's messages.</summary>
internal static class OtlpJson
{
    /// <exception cref="JsonException">It is not JSON, or not of that shape.</exception>
    public static OtlpTraceRequest Read(JsonElement root)
    {
        var request = new OtlpTraceRequest();
        foreach (var resourceSpans in Items(root, "resourceSpans"))
        {
            var read = new OtlpResourceSpans { Resource = new OtlpResource() };
            if (Member(resourceSpans, "resource") is { } resource)
                read.Resource.Attributes.AddRange(Attributes(resource));
            foreach (var scopeSpans in Items(resourceSpans, "scopeSpans"))
            {
                var scope = Member(scopeSpans, "scope");
                var group = new OtlpScopeSpans
                {
                    Scope = new OtlpScope { Name = scope is { } s ? Text(s, "name") : null, Version = scope is { } v ? Text(v, "version") : null },
                };
                group.Spans.AddRange(Items(scopeSpans, "spans").Select(Span));
                read.ScopeSpans.Add(group);
            }

            request.ResourceSpans.Add(read);
        }

        return request;
    }

    private static OtlpSpan Span(JsonElement json)
    {
        var span = new OtlpSpan
        {
            TraceId = Id(json, "traceId"),
            SpanId = Id(json, "spanId"),
            ParentSpanId = Id(json, "parentSpanId"),
            TraceState = Text(json, "traceState"),
            Name = Text(json, "name"),
            Kind = (int)(Whole(json, "kind") ?? 0),
            StartTimeUnixNano = (ulong)(Whole(json, "startTimeUnixNano") ?? 0),
            EndTimeUnixNano = (ulong)(Whole(json, "endTimeUnixNano") ?? 0),
        };
        span.Attributes.AddRange(Attributes(json));
        foreach (var happened in Items(json, "events"))
        {
            var read = new OtlpEvent { Name = Text(happened, "name"), TimeUnixNano = (ulong)(Whole(happened, "timeUnixNano") ?? 0) };
            read.Attributes.AddRange(Attributes(happened));
            span.Events.Add(read);
        }

        foreach (var link in Items(json, "links"))
        {
            var read = new OtlpLink { TraceId = Id(link, "traceId"), SpanId = Id(link, "spanId") };
            read.Attributes.AddRange(Attributes(link));
            span.Links.Add(read);
        }

        if (Member(json, "status") is { } status)
            span.Status = new OtlpStatus { Code = (int)(Whole(status, "code") ?? 0), Message = Text(status, "message") };
        return span;
    }

    private static IEnumerable<OtlpKeyValue> Attributes(JsonElement of) => Pairs(of, "attributes");

    private static IEnumerable<OtlpKeyValue> Pairs(JsonElement of, string name) =>
        Items(of, name).Select(a => new OtlpKeyValue { Key = Text(a, "key"), Value = Member(a, "value") is { } value ? Value(value) : null });

    // The depth of recursion is that of the document, which the parser bounds.
    private static OtlpValue Value(JsonElement json)
    {
        var value = new OtlpValue { Text = Text(json, "stringValue"), Whole = Whole(json, "intValue") };
        if (Member(json, "boolValue") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag)
            value.Flag = flag.GetBoolean();
        if (Member(json, "doubleValue") is { } real)
            value.Real = real.ValueKind is JsonValueKind.Number ? real.GetDouble() : double.Parse(real.GetString() ?? "NaN", CultureInfo.InvariantCulture);
        if (Member(json, "bytesValue") is { ValueKind: JsonValueKind.String } bytes)
            value.Bytes = bytes.GetBytesFromBase64();
        if (Member(json, "arrayValue") is { } array)
        {
            value.Array = new OtlpArray();
            value.Array.Values.AddRange(Items(array, "values").Select(Value));
        }

        if (Member(json, "kvlistValue") is { } pairs)
        {
            value.Pairs = new OtlpPairs();
            value.Pairs.Values.AddRange(Pairs(pairs, "values"));
        }

        return value;
    }

    private static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind is not JsonValueKind.Object ? throw new JsonException($"An object was expected around '{name}'.")
        : of.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    private static JsonElement[] Items(JsonElement of, string name) => Member(of, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray()],
        _ => throw new JsonException($"'{name}' has to be an array."),
    };

    private static string? Text(JsonElement of, string name) => Member(of, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new JsonException($"'{name}' has to be a string."),
    };

    private static long? Whole(JsonElement of, string name) => Member(of, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var whole) => whole,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var whole) => whole,
        _ => throw new JsonException($"'{name}' has to be a whole number."),
    };

    private static byte[]? Id(JsonElement of, string name)
    {
        if (Text(of, name) is not { Length: > 0 } hex)
            return null;
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException refused)
        {
            throw new JsonException($"'{name}' has to be hexadecimal.", refused);
        }
    }
}
