namespace Dashboard.Core.Kpis;

/// <summary>One KPI of the catalogue: what is measured, how, and against which target.</summary>
public sealed record KpiDefinition
{
    /// <summary>Lower-case words joined by hyphens; unique in the catalogue and part of URLs.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>A shorter name for the card, under its group's heading ("95th percentile").</summary>
    public required string ShortName { get; init; }

    /// <summary>The heading it stands under: "Response time", "Throughput", "Errors", "Business" or one of the reader's own.</summary>
    public required string Group { get; init; }

    /// <summary>"ms", "%", "MB", "RPS", "users", "of 5" or one of the reader's own. One MB is 2^20 bytes, as the strategy counts it.</summary>
    public required string Unit { get; init; }

    public required KpiTarget Target { get; init; }

    public required KpiQuery Query { get; init; }

    /// <summary>The span each reading looks back over.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>
    /// The equal periods that are compared for a change: an hour for short windows, whose single values say little; else the window, over which the value is
    /// itself a mean.
    /// </summary>
    public TimeSpan ComparedPeriod => Window < TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : Window;

    /// <summary>How often it is read. Older than three of these is stale.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>What it means, in a sentence or two for its readers.</summary>
    public required string Description { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Owner { get; init; }

    /// <summary>Fewer observations than this in the window are called too few; 0 where that has no meaning.</summary>
    public required int LeastSamples { get; init; }
}
