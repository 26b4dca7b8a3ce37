using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>A JSON object seen as a list of leaves under dotted names.</summary>
internal static class JsonFields
{
    /// <summary>Every value that is neither null, object nor array; the elements of an array stand under its name.</summary>
    public static IEnumerable<(string Field, JsonElement Value)> Flatten(JsonElement root)
    {
        var open = new Stack<(string Name, JsonElement Value)>();
        open.Push(("", root));
        while (open.TryPop(out var next))
        {
            switch (next.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in next.Value.EnumerateObject().Reverse())
                        open.Push((next.Name.Length is 0 ? member.Name : $"{next.Name}.{member.Name}", member.Value));
                    break;
                case JsonValueKind.Array:
                    foreach (var item in next.Value.EnumerateArray().Reverse())
                        open.Push((next.Name, item));
                    break;
                case JsonValueKind.Null or JsonValueKind.Undefined:
                    break;
                default:
                    yield return (next.Name, next.Value);
                    break;
            }
        }
    }

    /// <summary>True where a name matches a pattern in which <c>*</c> stands for anything.</summary>
    public static bool Matches(string pattern, string name)
    {
        var (p, n, star, mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] is '*')
                (star, mark) = (p++, n);
            else if (p < pattern.Length && pattern[p] == name[n])
                (p, n) = (p + 1, n + 1);
            else if (star >= 0)
                (p, n) = (star + 1, ++mark);
            else
                return false;
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
