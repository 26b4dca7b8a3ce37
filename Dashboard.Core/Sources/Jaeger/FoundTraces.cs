using System.Collections.Immutable;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>What a search gave, in one form for all generations of the interface.</summary>
/// <param name="Traces">How many traces came.</param>
/// <param name="Spans">All their spans, also those of other services.</param>
/// <param name="Warnings">What the server had to remark.</param>
internal sealed record FoundTraces(int Traces, IReadOnlyList<FoundSpan> Spans, ImmutableArray<string> Warnings)
{
    public static FoundTraces None { get; } = new(0, [], []);
}

/// <param name="TraceId">As it came.</param>
/// <param name="Service">The service it belongs to.</param>
/// <param name="Operation">Its name.</param>
/// <param name="IsServer">It answers a request.</param>
/// <param name="Start">Microseconds since 1970.</param>
/// <param name="Duration">Microseconds.</param>
/// <param name="Sampled">It says that only a share of the traces is kept.</param>
internal readonly record struct FoundSpan(string TraceId, string Service, string Operation, bool IsServer, ulong Start, ulong Duration, bool Sampled);
