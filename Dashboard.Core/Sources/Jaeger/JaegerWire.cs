using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>The envelope of the legacy interface. Its totals are always 0.</summary>
internal sealed record LegacyAnswer<T>(T? Data, LegacyError[]? Errors);

internal sealed record LegacyError(int Code, string? Msg);

internal sealed record LegacyTrace(LegacySpan[]? Spans, Dictionary<string, LegacyProcess>? Processes);

internal sealed record LegacySpan(
    [property: JsonPropertyName("traceID")] string? TraceId,
    string? OperationName,
    [property: JsonConverter(typeof(UnsignedConverter))] ulong StartTime,
    [property: JsonConverter(typeof(UnsignedConverter))] ulong Duration,
    LegacyTag[]? Tags,
    [property: JsonPropertyName("processID")] string? ProcessId);

internal sealed record LegacyProcess(string? ServiceName);

internal sealed record LegacyTag(string? Key, JsonElement Value);

/// <summary>The envelope of the third interface: OpenTelemetry's own JSON inside, all traces in one heap.</summary>
internal sealed record V3Answer(V3Data? Result, V3Error? Error);

internal sealed record V3Error(int HttpCode, string? Message);

internal sealed record V3Services(string[]? Services);

internal sealed record V3Data(V3ResourceSpans[]? ResourceSpans);

internal sealed record V3ResourceSpans(V3Resource? Resource, V3ScopeSpans[]? ScopeSpans);

internal sealed record V3Resource(V3Attribute[]? Attributes);

internal sealed record V3ScopeSpans(V3Span[]? Spans);

/// <param name="TraceId">Hexadecimal.</param>
/// <param name="Name">The operation.</param>
/// <param name="Kind">A number (2 is a server's), or its name.</param>
/// <param name="StartTimeUnixNano">A number in a string.</param>
/// <param name="EndTimeUnixNano">A number in a string.</param>
/// <param name="Attributes">Null where there are none.</param>
/// <param name="TraceState">The W3C trace state.</param>
internal sealed record V3Span(
    string? TraceId,
    string? Name,
    JsonElement Kind,
    [property: JsonConverter(typeof(UnsignedConverter))] ulong StartTimeUnixNano,
    [property: JsonConverter(typeof(UnsignedConverter))] ulong EndTimeUnixNano,
    V3Attribute[]? Attributes,
    string? TraceState);

internal sealed record V3Attribute(string? Key, V3Value? Value);

internal sealed record V3Value(string? StringValue, JsonElement? DoubleValue, JsonElement? IntValue);

/// <summary>A number of up to 64 bits, or beyond, as a number or in a string. What is too large is the largest; what is no number, or negative, is 0.</summary>
internal sealed class UnsignedConverter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Number)
            return reader.TryGetUInt64(out var whole) ? whole : reader.TryGetDouble(out var number) ? Of(number) : 0;
        if (reader.TokenType is not JsonTokenType.String)
            throw new JsonException("Expected a number.");

        var text = reader.GetString();
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) ? Of(other) : 0;
    }

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    private static ulong Of(double value) => value >= ulong.MaxValue ? ulong.MaxValue : value > 0 ? (ulong)value : 0;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LegacyAnswer<LegacyTrace[]>))]
[JsonSerializable(typeof(LegacyAnswer<string[]>))]
[JsonSerializable(typeof(LegacyAnswer<JsonElement?>))]
[JsonSerializable(typeof(V3Answer))]
[JsonSerializable(typeof(V3Services))]
internal sealed partial class JaegerJson : JsonSerializerContext;
