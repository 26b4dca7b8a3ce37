using System.Collections.Immutable;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.Collection;

/// <summary>One immutable picture of everything at one moment. Published whole, read by everyone.</summary>
/// <param name="Sequence">Grows by one with each snapshot since the process started.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Kpis">In the catalogue's order.</param>
/// <param name="Sources">The four sources, in the order of <see cref="SourceKind"/>.</param>
/// <param name="Environment">A note that belongs on every page ("Sandbox data"), or null.</param>
public sealed record Scorecard(
    long Sequence, DateTimeOffset At, ImmutableArray<KpiState> Kpis, ImmutableArray<SourceState> Sources, string? Environment = null)
{
    /// <summary>Before the first collection: nothing is known.</summary>
    public static Scorecard Empty { get; } = new(0, DateTimeOffset.UnixEpoch, [], []);

    /// <summary>The worst status on it; no data where there are no KPIs.</summary>
    public KpiStatus Overall => Kpis.IsDefaultOrEmpty ? KpiStatus.NoData : Kpis.Max(k => k.Status);

    /// <summary>True once every KPI was read, or failed, at least once.</summary>
    public bool IsComplete => Sequence > 0 && Kpis.All(k => k.Reading is not null || k.Status is KpiStatus.SourceDown);

    public KpiState? Find(string id) => Kpis.FirstOrDefault(k => k.Definition.Id == id);
}

/// <summary>How a source is doing.</summary>
public sealed record SourceState
{
    public required SourceKind Source { get; init; }

    /// <summary>Address without credentials.</summary>
    public required string Address { get; init; }

    /// <summary>Null before the first try.</summary>
    public bool? Reachable { get; init; }

    /// <summary>Time of the last answer.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The server's own version ("2.42.0"), null where not told.</summary>
    public string? Version { get; init; }

    /// <summary>What was found out about how to speak to it: metric names, API generation, engine.</summary>
    public string? Dialect { get; init; }

    /// <summary>What does not work with this version, each a sentence.</summary>
    public ImmutableArray<string> Degraded { get; init; } = [];

    /// <summary>Server clock − our clock; null where not told.</summary>
    public TimeSpan? ClockSkew { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>Ids of the KPIs that are read from it.</summary>
    public ImmutableArray<string> Kpis { get; init; } = [];
}
