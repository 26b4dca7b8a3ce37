using System.Collections.Immutable;
using System.ComponentModel;

namespace Dashboard.Web.Api;

/// <summary>What a KPI was over a range of time.</summary>
public sealed record SeriesDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Unit { get; init; }

    public required TargetDocument Target { get; init; }

    [Description("The start asked for, moved back to a whole step.")]
    public required DateTimeOffset From { get; init; }

    [Description("The end asked for, moved forward to a whole step.")]
    public required DateTimeOffset To { get; init; }

    public required double StepSeconds { get; init; }

    [Description("In order of time. Where nothing was measured there is no point.")]
    public required ImmutableArray<PointDocument> Points { get; init; }
}

/// <summary>One point of a series.</summary>
public readonly record struct PointDocument(DateTimeOffset At, double Value);
