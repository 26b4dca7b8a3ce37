using System.Collections.Immutable;
using Dashboard.Core.History;
using Dashboard.Core.Series;

namespace Dashboard.Core.Kpis;

/// <summary>All that is known of a KPI at one moment: what a card shows. Immutable.</summary>
public sealed record KpiState
{
    public required KpiDefinition Definition { get; init; }

    public required KpiStatus Status { get; init; }

    /// <summary>When the KPI came into this status.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why there is no verdict, in a sentence that says what to do; null for a status that is known.</summary>
    public string? Reason { get; init; }

    /// <summary>The newest successful reading, however old; null before the first.</summary>
    public KpiReading? Reading { get; init; }

    /// <summary>The value on which the status rests: that of the reading where it is fresh or stale, null where there is no data or the source is down.</summary>
    public double? Value => Status is KpiStatus.NoData or KpiStatus.SourceDown ? null : Reading?.Value;

    /// <summary>How far back <see cref="Recent"/> reaches where there is data.</summary>
    public static TimeSpan RecentSpan { get; } = TimeSpan.FromMinutes(RecentMinutes.Minutes);

    /// <summary>The last hours, already thinned to what a card can show.</summary>
    public TimeSeries Recent { get; init; } = TimeSeries.Empty;

    /// <summary>The change against the previous equal period, null where there is nothing to compare.</summary>
    public KpiChange? AgainstPrevious { get; init; }

    /// <summary>The change against the same weekday and hour of the week before, null where there is nothing to compare.</summary>
    public KpiChange? AgainstLastWeek { get; init; }

    /// <summary>Attainment over 24 h, 7 d and 30 d, in this order.</summary>
    public ImmutableArray<Attainment> Attainments { get; init; } = [];

    /// <summary>What the checker has to say of the target (cannot be judged between buckets, too few requests, …), each a sentence.</summary>
    public ImmutableArray<string> Advice { get; init; } = [];
}

/// <summary>A change between two equal periods.</summary>
/// <param name="Before">The value of the earlier period, in the KPI's unit.</param>
/// <param name="Ratio">(now − before) / |before|, 0 where nothing changed; null where it rose from 0.</param>
/// <param name="Better">Whether it went the good way.</param>
/// <param name="IsNoise">True where it is no more than the KPI's ordinary variation: then it is shown without a mark.</param>
public sealed record KpiChange(double Before, double? Ratio, bool Better, bool IsNoise);

/// <summary>The share of time a target was met.</summary>
/// <param name="Period">"24h", "7d" or "30d".</param>
/// <param name="Share">Met time / time that had data, 0 to 1; null without any data.</param>
/// <param name="Coverage">Time that had data / the period, 0 to 1.</param>
public sealed record Attainment(string Period, double? Share, double Coverage);
