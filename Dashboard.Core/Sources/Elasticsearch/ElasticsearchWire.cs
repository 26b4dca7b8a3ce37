using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dashboard.Core.Sources.Elasticsearch;

/// <summary>The answer to a search. It can be partial with status 200: shards that failed, or that ran out of time.</summary>
internal sealed record SearchAnswer(
    [property: JsonPropertyName("timed_out")] bool TimedOut,
    [property: JsonPropertyName("_shards")] SearchShards? Shards,
    SearchHits? Hits,
    SearchAggregations? Aggregations);

internal sealed record SearchShards(int Total, int Failed, SearchShardFailure[]? Failures);

internal sealed record SearchShardFailure(string? Index, SearchErrorCause? Reason);

internal sealed record SearchHits(SearchTotal? Total);

internal sealed record SearchTotal(long Value, string? Relation);

internal sealed record SearchAggregations(SearchFilter? Matching, SearchMaximum? Newest, SearchTimes? Times);

internal sealed record SearchTimes(SearchBucket[]? Buckets);

internal sealed record SearchBucket(long Key, [property: JsonPropertyName("doc_count")] long Documents, SearchFilter? Matching, SearchMaximum? Newest);

internal sealed record SearchFilter([property: JsonPropertyName("doc_count")] long Documents);

/// <param name="Value">Milliseconds since 1970; null where there are no documents.</param>
internal sealed record SearchMaximum(double? Value);

/// <summary>An error: mostly an object with a type and a reason, sometimes a plain sentence.</summary>
internal sealed record SearchFault(JsonElement Error);

internal sealed record SearchErrorCause(
    string? Type,
    string? Reason,
    [property: JsonPropertyName("root_cause")] SearchErrorCause[]? RootCause,
    [property: JsonPropertyName("caused_by")] SearchErrorCause? CausedBy);

/// <summary>What the server says at its root.</summary>
internal sealed record EngineAnswer(EngineVersion? Version);

internal sealed record EngineVersion(string? Number, string? Distribution);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(SearchFault))]
[JsonSerializable(typeof(SearchErrorCause))]
[JsonSerializable(typeof(EngineAnswer))]
internal sealed partial class ElasticsearchJson : JsonSerializerContext;
