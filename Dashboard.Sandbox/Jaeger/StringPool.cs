using System.Collections.Concurrent;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Hands out one instance for equal short strings, as long as there are not too many different ones. Safe for many threads.</summary>
internal sealed class StringPool(int capacity)
{
    private const int LongestPooled = 400;
    private readonly ConcurrentDictionary<string, string> _strings = new(StringComparer.Ordinal);
    private int _count;

    public string Get(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        if (text.Length > LongestPooled)
            return text;
        if (_strings.TryGetValue(text, out var known))
            return known;
        // ConcurrentDictionary.Count takes every lock; a rough count of our own does as a bound.
        if (Volatile.Read(ref _count) < capacity && _strings.TryAdd(text, text))
            Interlocked.Increment(ref _count);
        return text;
    }
}
