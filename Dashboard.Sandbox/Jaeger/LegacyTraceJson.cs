using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Writes traces as the legacy interface shows them: microseconds, typed tags, references, processes.</summary>
internal static class LegacyTraceJson
{
    // What a JavaScript number holds exactly; beyond it the view writes a string.
    private const long MaxSafeInteger = 9_007_199_254_740_991;

    public static string Id(UInt128 traceId) => traceId.ToString("x32", null);

    public static string Id(ulong spanId) => spanId.ToString("x16", null);

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Span> trace)
    {
        var processes = new Dictionary<string, (string Id, SpanResource Resource)>(StringComparer.Ordinal);
        json.WriteStartObject();
        json.WriteString("traceID", Id(trace[0].TraceId));
        json.WriteStartArray("spans");
        foreach (var span in trace)
            Write(json, span, Process(processes, span.Resource));
        json.WriteEndArray();
        json.WriteStartObject("processes");
        foreach (var (id, resource) in processes.Values)
        {
            json.WriteStartObject(id);
            json.WriteString("serviceName", resource.Service);
            WriteTags(json, "tags", resource.Attributes.Where(a => a.Key is not "service.name"));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteNull("warnings");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Span span, string process)
    {
        json.WriteStartObject();
        json.WriteString("traceID", Id(span.TraceId));
        json.WriteString("spanID", Id(span.SpanId));
        json.WriteString("operationName", span.Name);
        json.WriteStartArray("references");
        if (span.ParentId is not 0)
            WriteReference(json, "CHILD_OF", span.TraceId, span.ParentId);
        foreach (var link in span.Links)
            WriteReference(json, "FOLLOWS_FROM", link.TraceId, link.SpanId);
        json.WriteEndArray();
        json.WriteNumber("startTime", span.Start / 1000);
        json.WriteNumber("duration", span.Duration / 1000);
        WriteTags(json, "tags", SpanTags.Of(span));
        json.WriteStartArray("logs");
        foreach (var happened in span.Events)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp", happened.At / 1000);
            WriteTags(json, "fields", happened.Attributes.Prepend(new SpanAttribute("event", happened.Name)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("processID", process);
        json.WriteNull("warnings");
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string type, UInt128 traceId, ulong spanId)
    {
        json.WriteStartObject();
        json.WriteString("refType", type);
        json.WriteString("traceID", Id(traceId));
        json.WriteString("spanID", Id(spanId));
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, string name, IEnumerable<SpanAttribute> tags)
    {
        json.WriteStartArray(name);
        foreach (var tag in tags)
        {
            json.WriteStartObject();
            json.WriteString("key", tag.Key);
            json.WriteString("type", tag.Value switch { bool => "bool", long => "int64", double => "float64", byte[] => "binary", _ => "string" });
            switch (tag.Value)
            {
                case bool flag:
                    json.WriteBoolean("value", flag);
                    break;
                case long number and >= -MaxSafeInteger and <= MaxSafeInteger:
                    json.WriteNumber("value", number);
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber("value", number);
                    break;
                default:
                    json.WriteString("value", SpanTags.Text(tag.Value));
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Process(Dictionary<string, (string Id, SpanResource Resource)> known, SpanResource resource)
    {
        var key = $"{resource.Service}\n{SpanTags.Text(resource.Attributes)}";
        if (!known.TryGetValue(key, out var process))
            known[key] = process = ($"p{known.Count + 1}", resource);
        return process.Id;
    }
}
