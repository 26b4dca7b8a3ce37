namespace Dashboard.Sandbox.Jaeger;

/// <summary>What a span costs in memory, roughly: objects' headers and fields, two bytes a character. Shared strings are counted each time, so it errs upwards.</summary>
internal static class SpanSize
{
    private const long Whole = 200;
    private const long Element = 40;

    public static long Of(Span span) =>
        Whole + Text(span.Name) + Text(span.StatusMessage) + Text(span.TraceState) + Of(span.Attributes)
        + span.Events.Sum(e => Element + Text(e.Name) + Of(e.Attributes))
        + span.Links.Sum(l => Element + Of(l.Attributes));

    private static long Of(SpanAttribute[] attributes)
    {
        var sum = 0L;
        foreach (var attribute in attributes)
            sum += Element + Of(attribute.Value);
        return sum;
    }

    private static long Of(object value) => value switch
    {
        string text => Text(text),
        byte[] bytes => bytes.Length,
        object[] items => items.Sum(i => Element + Of(i)),
        SpanAttribute[] pairs => Of(pairs),
        _ => 0,
    };

    private static long Text(string text) => text.Length * 2L;
}
