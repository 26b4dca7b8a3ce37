using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>The legacy view of a span's attributes: Jaeger's tags, among them the ones it derives from kind, status and scope.</summary>
internal static class SpanTags
{
    public static IEnumerable<SpanAttribute> Of(Span span)
    {
        foreach (var attribute in span.Attributes)
            yield return attribute;
        if (span.Scope.Name.Length > 0)
            yield return new("otel.scope.name", span.Scope.Name);
        if (span.Scope.Version.Length > 0)
            yield return new("otel.scope.version", span.Scope.Version);
        if (span.KindName.Length > 0)
            yield return new("span.kind", span.KindName);
        if (span.StatusCode is 1)
            yield return new("otel.status_code", "OK");
        if (span.Failed)
        {
            yield return new("otel.status_code", "ERROR");
            yield return new("error", true);
        }

        if (span.StatusMessage.Length > 0)
            yield return new("otel.status_description", span.StatusMessage);
        if (span.TraceState.Length > 0)
            yield return new("w3c.tracestate", span.TraceState);
    }

    /// <summary>True where a tag of the span, of its process or of one of its events has that key and that value as text.</summary>
    public static bool Has(Span span, string key, string value) =>
        Any(Of(span), key, value) || Any(span.Resource.Attributes, key, value) || span.Events.Any(e => Any(e.Attributes, key, value));

    /// <summary>The value as a search compares it and as the legacy view shows what has no type there.</summary>
    public static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        object[] items => $"[{string.Join(',', items.Select(Json))}]",
        SpanAttribute[] pairs => $"{{{string.Join(',', pairs.Select(p => $"{Json(p.Key)}:{Json(p.Value)}"))}}}",
        _ => "",
    };

    private static string Json(object value) =>
        value is string or byte[] ? $"\"{JsonEncodedText.Encode(Text(value))}\"" : Text(value);

    private static bool Any(IEnumerable<SpanAttribute> attributes, string key, string value)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key == key && Text(attribute.Value) == value)
                return true;
        }

        return false;
    }
}
