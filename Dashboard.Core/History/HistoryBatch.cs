using System.Collections.Immutable;

namespace Dashboard.Core.History;

/// <summary>What is written at once.</summary>
/// <param name="Minutes">By KPI id. A minute that was written before is replaced, except that one read afterwards never replaces one that was measured.</param>
/// <param name="Changes">Status changes, oldest first.</param>
/// <param name="SeenUntil">Up to when the dashboard watched.</param>
public sealed record HistoryBatch(
    ImmutableArray<(string Kpi, ImmutableArray<HistoryMinute> Minutes)> Minutes, ImmutableArray<StatusChange> Changes, DateTimeOffset SeenUntil);
