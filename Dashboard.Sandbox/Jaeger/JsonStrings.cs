using System.Text.Json;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>A JSON object of strings, as searches carry their tags.</summary>
internal static class JsonStrings
{
    /// <exception cref="FormatException">It is something else.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Map(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))];
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            throw new FormatException($"malformed tags, expecting a JSON object of strings, received: {json}", refused);
        }
    }
}
