using System.Collections.Immutable;

namespace Dashboard.Core.Kpis;

/// <summary>How far a value can be trusted.</summary>
public enum Confidence
{
    /// <summary>Counted or measured, not estimated.</summary>
    Exact,

    /// <summary>Interpolated inside a histogram bucket, whose bounds are told.</summary>
    Estimated,

    /// <summary>In the histogram's open top bucket: the true value is at least this.</summary>
    Clamped,

    /// <summary>The source answered with warnings or failed shards: something is missing.</summary>
    Partial,
}

/// <summary>One successful measurement: the value and the proof of it.</summary>
public sealed record KpiReading
{
    /// <summary>In the KPI's unit; null where the source answered that there is nothing to measure. Always finite.</summary>
    public required double? Value { get; init; }

    /// <summary>Why there is no value, in words; null where there is one.</summary>
    public string? NoValueReason { get; init; }

    /// <summary>When the newest datum behind the value was taken.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>How long the source took to answer.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>The query exactly as it was sent.</summary>
    public required string Query { get; init; }

    public Confidence Confidence { get; init; }

    /// <summary>The confidence in words: "p95 in (100, 150] ms", "traces are sampled: at least". Null where it is simply exact.</summary>
    public string? ConfidenceDetail { get; init; }

    /// <summary>Observations behind the value; null where that has no meaning.</summary>
    public long? SampleCount { get; init; }

    /// <summary>Share of the window for which there was data, 0 to 1; null where not known.</summary>
    public double? Coverage { get; init; }

    /// <summary>Exact share of requests under the target, 0 to 1, where a bucket bound lies at the target.</summary>
    public double? ShareUnderTarget { get; init; }

    /// <summary>
    /// True where the value is only a lower bound of the true one ("at least"). It can prove a "lower is better" target missed, but never met, unless
    /// <see cref="UpperBound"/> is there to prove it.
    /// </summary>
    public bool AtLeast { get; init; }

    /// <summary>What the true value cannot exceed, in the KPI's unit, where that is known beside a value that is only "at least".</summary>
    public double? UpperBound { get; init; }

    /// <summary>
    /// Why <see cref="MeasuredAt"/> cannot be trusted, in a sentence (the source's clock and ours differ too much); null where it can. A reading with this is
    /// stale, whatever its age.
    /// </summary>
    public string? FreshnessProblem { get; init; }

    /// <summary>The trace that shows the value, where one does.</summary>
    public string? TraceId { get; init; }

    /// <summary>What the source or the reader had to remark (partial answers, skewed clocks, too few samples), each a sentence.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
