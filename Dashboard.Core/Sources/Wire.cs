namespace Dashboard.Core.Sources;

/// <summary>What JSON from outside can hold and types cannot tell: a list that is missing, and elements that are null.</summary>
internal static class Wire
{
    public static IEnumerable<T> Each<T>(T?[]? elements)
        where T : class => elements?.OfType<T>() ?? [];
}
