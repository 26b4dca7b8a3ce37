namespace Dashboard.Sandbox.Jaeger;

/// <summary>A search for traces: those with at least one span that fits all of it.</summary>
/// <param name="From">Earliest start of the span, nanoseconds since 1970, inclusive.</param>
/// <param name="To">Latest start of the span, nanoseconds since 1970, inclusive.</param>
/// <param name="Limit">Traces at most; the newest are taken.</param>
internal sealed record SpanSearch(long From, long To, int Limit)
{
    /// <summary>Empty: of any service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Empty: any operation.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Nanoseconds, inclusive.</summary>
    public long LeastDuration { get; init; }

    /// <summary>Nanoseconds, inclusive.</summary>
    public long MostDuration { get; init; } = long.MaxValue;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public bool Fits(Span span) =>
        span.Start >= From && span.Start <= To
        && span.Duration >= LeastDuration && span.Duration <= MostDuration
        && (Service.Length is 0 || span.Resource.Service == Service)
        && (Operation.Length is 0 || span.Name == Operation)
        && Tags.All(tag => SpanTags.Has(span, tag.Key, tag.Value));
}
