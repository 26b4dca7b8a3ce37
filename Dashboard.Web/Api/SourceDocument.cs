using System.Collections.Immutable;
using System.ComponentModel;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Api;

/// <summary>The monitored systems, as the API gives them.</summary>
public sealed record SourcesDocument(DateTimeOffset At, ImmutableArray<SourceDocument> Sources)
{
    public static SourcesDocument Of(Scorecard scorecard) => new(scorecard.At, [.. scorecard.Sources.Select(SourceDocument.Of)]);
}

/// <summary>One monitored system.</summary>
public sealed record SourceDocument
{
    [Description("prometheus, jaeger, elasticsearch or postgres.")]
    public required string Source { get; init; }

    [Description("Without credentials.")]
    public required string Address { get; init; }

    [Description("Null before the first try.")]
    public required bool? Reachable { get; init; }

    [Description("Time of the last answer, in milliseconds.")]
    public required double? LatencyMs { get; init; }

    public required string? Version { get; init; }

    [Description("What was found out about how to speak to it.")]
    public required string? Dialect { get; init; }

    [Description("What does not work with this version, each a sentence.")]
    public required ImmutableArray<string> Degraded { get; init; }

    [Description("Its clock less ours, in seconds; null where it does not tell.")]
    public required double? ClockSkewSeconds { get; init; }

    public required string? LastError { get; init; }

    public required DateTimeOffset? LastErrorAt { get; init; }

    public required DateTimeOffset? LastSuccessAt { get; init; }

    [Description("Ids of the KPIs that are read from it.")]
    public required ImmutableArray<string> Kpis { get; init; }

    public static SourceDocument Of(SourceState source) => new()
    {
        Source = source.Source.ToWire(),
        Address = source.Address,
        Reachable = source.Reachable,
        LatencyMs = source.Latency?.TotalMilliseconds,
        Version = source.Version,
        Dialect = source.Dialect,
        Degraded = source.Degraded,
        ClockSkewSeconds = source.ClockSkew?.TotalSeconds,
        LastError = source.LastError,
        LastErrorAt = source.LastErrorAt,
        LastSuccessAt = source.LastSuccessAt,
        Kpis = source.Kpis,
    };
}
