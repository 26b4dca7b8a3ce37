using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.Collection;

/// <summary>What the collector tells of itself: the meter and the activity source "Dashboard.Collection".</summary>
public sealed class CollectionMetrics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Dashboard.Collection";

    internal static ActivitySource Activities { get; } = new(Name);

    private static readonly ImmutableArray<KpiStatus> Statuses = [.. Enum.GetValues<KpiStatus>()];

    private readonly Counter<long> _queries;
    private readonly Histogram<double> _duration;

    public CollectionMetrics(IMeterFactory meters, ScorecardFeed feed, TimeProvider clock)
    {
        var meter = meters.Create(Name);
        _queries = meter.CreateCounter<long>(
            "dashboard.upstream.queries", "{query}", "KPI reads, probes and reads of the past that the collector sent to the sources.");
        _duration = meter.CreateHistogram<double>("dashboard.upstream.duration", "s", "Time until a source answered or failed.");
        meter.CreateObservableGauge("dashboard.kpi.value", () => Values(feed.Latest), null, "The value of each KPI in its own unit; absent without one.");
        meter.CreateObservableGauge("dashboard.kpi.status", () => StatusesOf(feed.Latest), null, "1 for the status that each KPI has, 0 for the others.");
        meter.CreateObservableGauge("dashboard.source.reachable", () => Reachable(feed.Latest), null, "1 where a source answers, 0 where it does not.");
        meter.CreateObservableGauge("dashboard.snapshot.age", () => Ages(feed.Latest, clock), "s", "Age of the newest scorecard.");
    }

    /// <param name="source">Who was asked.</param>
    /// <param name="what">"kpi", "probe" or "past".</param>
    /// <param name="succeeded">Whether it answered.</param>
    /// <param name="elapsed">How long that took.</param>
    internal void Asked(SourceKind source, string what, bool succeeded, TimeSpan elapsed)
    {
        KeyValuePair<string, object?> sourceTag = new("source", source.ToWire());
        _queries.Add(1, sourceTag, new("for", what), new("outcome", succeeded ? "answered" : "failed"));
        _duration.Record(elapsed.TotalSeconds, sourceTag);
    }

    private static IEnumerable<Measurement<double>> Values(Scorecard scorecard) =>
        from kpi in scorecard.Kpis
        where kpi.Value is not null
        select new Measurement<double>(kpi.Value.GetValueOrDefault(), new KeyValuePair<string, object?>("kpi", kpi.Definition.Id));

    private static IEnumerable<Measurement<int>> StatusesOf(Scorecard scorecard) =>
        from kpi in scorecard.Kpis
        from status in Statuses
        select new Measurement<int>(
            kpi.Status == status ? 1 : 0, new KeyValuePair<string, object?>("kpi", kpi.Definition.Id), new KeyValuePair<string, object?>("status", status.ToWire()));

    private static IEnumerable<Measurement<int>> Reachable(Scorecard scorecard) =>
        from source in scorecard.Sources
        where source.Reachable is not null
        select new Measurement<int>(source.Reachable.GetValueOrDefault() ? 1 : 0, new KeyValuePair<string, object?>("source", source.Source.ToWire()));

    private static IEnumerable<Measurement<double>> Ages(Scorecard scorecard, TimeProvider clock) =>
        scorecard.Sequence == 0 ? [] : [new((clock.GetUtcNow() - scorecard.At).TotalSeconds)];
}
