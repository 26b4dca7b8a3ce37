using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Writes spans as the v3 interface does: OTLP's JSON with ids in hexadecimal, enums as numbers, 64-bit numbers as strings, zero values left out.</summary>
internal static class V3TraceJson
{
    /// <summary>Writes elements of a <c>resourceSpans</c> array.</summary>
    public static void WriteResourceSpans(Utf8JsonWriter json, IEnumerable<Span> trace)
    {
        foreach (var resource in trace.GroupBy(s => s.Resource, ReferenceEqualityComparer.Instance))
        {
            json.WriteStartObject();
            json.WriteStartObject("resource");
            WriteAttributes(json, "attributes", resource.First().Resource.Attributes);
            json.WriteEndObject();
            json.WriteStartArray("scopeSpans");
            foreach (var scope in resource.GroupBy(s => s.Scope))
            {
                json.WriteStartObject();
                json.WriteStartObject("scope");
                WriteText(json, "name", scope.Key.Name);
                WriteText(json, "version", scope.Key.Version);
                json.WriteEndObject();
                json.WriteStartArray("spans");
                foreach (var span in scope)
                    Write(json, span);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>Writes an element of a <c>summaries</c> array.</summary>
    public static void WriteSummary(Utf8JsonWriter json, IReadOnlyList<Span> trace)
    {
        var ids = trace.Select(s => s.SpanId).ToHashSet();
        var root = trace.Where(s => s.ParentId is 0).MinBy(s => s.Start);
        json.WriteStartObject();
        json.WriteString("traceId", LegacyTraceJson.Id(trace[0].TraceId));
        WriteText(json, "rootServiceName", root?.Resource.Service ?? "");
        WriteText(json, "rootOperationName", root?.Name ?? "");
        WriteTime(json, "minStartTimeUnixNano", trace.Min(s => s.Start));
        WriteTime(json, "maxEndTimeUnixNano", trace.Max(s => s.End));
        WriteNumber(json, "spanCount", trace.Count);
        WriteNumber(json, "errorSpanCount", trace.Count(s => s.Failed));
        WriteNumber(json, "orphanSpanCount", trace.Count(s => s.ParentId is not 0 && !ids.Contains(s.ParentId)));
        json.WriteStartArray("services");
        foreach (var service in trace.GroupBy(s => s.Resource.Service))
        {
            json.WriteStartObject();
            json.WriteString("name", service.Key);
            WriteNumber(json, "spanCount", service.Count());
            WriteNumber(json, "errorSpanCount", service.Count(s => s.Failed));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Span span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", LegacyTraceJson.Id(span.TraceId));
        json.WriteString("spanId", LegacyTraceJson.Id(span.SpanId));
        WriteText(json, "traceState", span.TraceState);
        if (span.ParentId is not 0)
            json.WriteString("parentSpanId", LegacyTraceJson.Id(span.ParentId));
        WriteText(json, "name", span.Name);
        WriteNumber(json, "kind", span.Kind);
        WriteTime(json, "startTimeUnixNano", span.Start);
        WriteTime(json, "endTimeUnixNano", span.End);
        WriteAttributes(json, "attributes", span.Attributes);
        if (span.Events.Length > 0)
        {
            json.WriteStartArray("events");
            foreach (var happened in span.Events)
            {
                json.WriteStartObject();
                WriteTime(json, "timeUnixNano", happened.At);
                WriteText(json, "name", happened.Name);
                WriteAttributes(json, "attributes", happened.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (span.Links.Length > 0)
        {
            json.WriteStartArray("links");
            foreach (var link in span.Links)
            {
                json.WriteStartObject();
                json.WriteString("traceId", LegacyTraceJson.Id(link.TraceId));
                json.WriteString("spanId", LegacyTraceJson.Id(link.SpanId));
                WriteAttributes(json, "attributes", link.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("status");
        WriteText(json, "message", span.StatusMessage);
        WriteNumber(json, "code", span.StatusCode);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, string name, SpanAttribute[] attributes)
    {
        if (attributes.Length is 0)
            return;
        json.WriteStartArray(name);
        foreach (var attribute in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", attribute.Key);
            json.WritePropertyName("value");
            WriteValue(json, attribute.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Recursion goes as deep as the value that was received, which its parser bounded.
    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        json.WriteStartObject();
        switch (value)
        {
            case bool flag:
                json.WriteBoolean("boolValue", flag);
                break;
            case long number:
                json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber("doubleValue", number);
                break;
            case double number:
                json.WriteString("doubleValue", double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
                break;
            case byte[] bytes:
                json.WriteBase64String("bytesValue", bytes);
                break;
            case object[] items:
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                foreach (var item in items)
                    WriteValue(json, item);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case SpanAttribute[] pairs:
                json.WriteStartObject("kvlistValue");
                WriteAttributes(json, "values", pairs);
                json.WriteEndObject();
                break;
            default:
                json.WriteString("stringValue", (string)value);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long nanoseconds) =>
        json.WriteString(name, nanoseconds.ToString(CultureInfo.InvariantCulture));

    private static void WriteNumber(Utf8JsonWriter json, string name, int number)
    {
        if (number is not 0)
            json.WriteNumber(name, number);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
            json.WriteString(name, text);
    }
}
