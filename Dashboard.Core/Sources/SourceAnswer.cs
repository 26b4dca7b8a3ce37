using System.Collections.Immutable;

namespace Dashboard.Core.Sources;

/// <summary>What a source answered, with its circumstances.</summary>
/// <param name="Value">The answer in the domain's own words.</param>
/// <param name="Latency">From sending to the last byte.</param>
/// <param name="Warnings">Why the answer may be incomplete, each a sentence. Not empty means partial.</param>
/// <param name="ServerTime">The server's clock when it answered (HTTP Date, or the database's), null where not told. Resolution: one second.</param>
public sealed record SourceAnswer<T>(T Value, TimeSpan Latency, ImmutableArray<string> Warnings, DateTimeOffset? ServerTime);
