using System.Collections.Immutable;

namespace Dashboard.Core.Series;

/// <summary>One measured point. A value is always finite: a missing one is absent, never NaN.</summary>
public readonly record struct Sample(DateTimeOffset At, double Value);

/// <summary>Samples in order of time. A gap is the absence of samples.</summary>
public sealed record TimeSeries(ImmutableArray<Sample> Samples)
{
    public static TimeSeries Empty { get; } = new([]);

    public bool IsEmpty => Samples.IsDefaultOrEmpty;

    public Sample? Last => IsEmpty ? null : Samples[^1];
}
