using System.Net;

namespace Dashboard.Core.Sources.Http;

/// <summary>A whole answer: read to its end, decompressed, and no longer than allowed.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, string? Reason, string? ContentType, ReadOnlyMemory<byte> Body, DateTimeOffset? ServerTime)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Status for a person: "502 Bad Gateway".</summary>
    public string StatusText => $"{(int)Status} {(string.IsNullOrWhiteSpace(Reason) ? Status.ToString() : OutsideText.Clean(Reason, 40))}";

    public bool LooksLikeHtml
    {
        get
        {
            var text = Body.Span.TrimStart(" \t\r\n\uFEFF"u8);
            return text.Length > 0 && text[0] == (byte)'<';
        }
    }

    public bool IsJson<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, out T? value)
        where T : class
    {
        try
        {
            value = Body.IsEmpty ? null : System.Text.Json.JsonSerializer.Deserialize(Body.Span, type);
            return value is not null;
        }
        catch (System.Text.Json.JsonException)
        {
            value = null;
            return false;
        }
    }
}
