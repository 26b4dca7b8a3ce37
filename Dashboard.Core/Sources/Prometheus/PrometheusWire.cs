using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dashboard.Core.Sources.Prometheus;

/// <summary>What every answer is wrapped in. Data and warnings can stand side by side.</summary>
internal sealed record PrometheusEnvelope(string? Status, JsonElement Data, string? ErrorType, string? Error, string[]? Warnings, string[]? Infos);

internal sealed record PrometheusResult(string? ResultType, JsonElement Result);

/// <summary>An element of a vector (one value) or of a matrix (several). Native histograms stand beside or instead of values.</summary>
internal sealed record PrometheusSeries(
    Dictionary<string, string>? Metric, PrometheusPoint? Value, PrometheusPoint[]? Values, JsonElement? Histogram, JsonElement? Histograms);

internal sealed record PrometheusBuildInfo(string? Version);

/// <summary>A moment in seconds since 1970 and a value: <c>[1794813351.512, "8.29"]</c>, where the value may be NaN, +Inf or -Inf.</summary>
[JsonConverter(typeof(PrometheusPointConverter))]
internal readonly record struct PrometheusPoint(double Seconds, double Value)
{
    /// <summary>Rounded to the milliseconds that Prometheus counts in: a double of seconds cannot hold them exactly.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(Seconds * 1000));
}

internal sealed class PrometheusPointConverter : JsonConverter<PrometheusPoint>
{
    // The year 9999, the last that .NET can tell.
    private const double LatestSecond = 253402300799;

    public override PrometheusPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
            throw new JsonException("A point is an array.");

        reader.Read();
        if (reader.TokenType is not JsonTokenType.Number)
            throw new JsonException("A point begins with a number.");
        var seconds = reader.GetDouble();
        if (!(Math.Abs(seconds) < LatestSecond / 2))
            throw new JsonException("A point's time is out of all bounds.");

        reader.Read();
        var value = reader.TokenType is JsonTokenType.String ? Parse(reader.GetString()!) : throw new JsonException("A point's value is a string.");
        reader.Read();
        return reader.TokenType is JsonTokenType.EndArray ? new PrometheusPoint(seconds, value) : throw new JsonException("A point has two elements.");
    }

    public override void Write(Utf8JsonWriter writer, PrometheusPoint value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Seconds);
        writer.WriteStringValue(value.Value.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndArray();
    }

    private static double Parse(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new JsonException("A point's value is no number."),
    };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PrometheusEnvelope))]
[JsonSerializable(typeof(PrometheusResult))]
[JsonSerializable(typeof(PrometheusSeries[]))]
[JsonSerializable(typeof(PrometheusPoint[]))]
[JsonSerializable(typeof(PrometheusPoint?))]
[JsonSerializable(typeof(PrometheusBuildInfo))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class PrometheusJson : JsonSerializerContext;
