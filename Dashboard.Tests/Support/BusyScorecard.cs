using System.Collections.Immutable;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Tests.Support;

/// <summary>
/// A scorecard as a busy system gives it: each snapshot changes every value a little, with changes, attainments and six hours of line.
/// The same sequence number always gives the same scorecard.
/// </summary>
public static class BusyScorecard
{
    private static readonly ImmutableArray<(string Short, double Value, KpiStatus Status, string? Reason)> Story =
    [
        ("Average", 38.4, KpiStatus.Met, null),
        ("95th percentile", 171, KpiStatus.Missed, null),
        ("99th percentile", 284, KpiStatus.AtRisk, null),
        ("Maximum", 912, KpiStatus.AtRisk, null),
        ("Requests per second", 2184, KpiStatus.Met, null),
        ("Concurrent users", 1042, KpiStatus.AtRisk, null),
        ("Database connections", 31.2, KpiStatus.Met, null),
        ("Memory", 96.2, KpiStatus.Met, null),
        ("Error rate", 0.041, KpiStatus.Met, null),
        ("4xx error rate", 0.62, KpiStatus.Met, null),
        ("5xx error rate", 0.004, KpiStatus.Stale, "Last reading 2 min ago: Prometheus answers slowly."),
        ("Timeout rate", 0.002, KpiStatus.SourceDown, "Elasticsearch refused the connection at http://127.0.0.1:9200. Check that it runs."),
        ("User satisfaction", 4.62, KpiStatus.Met, null),
        ("Task completion", 95.3, KpiStatus.AtRisk, null),
        ("System availability", 99.944, KpiStatus.Met, null),
        ("Data accuracy", 99.71, KpiStatus.Met, null),
    ];

    public static KpiCatalog Catalog { get; } = new([.. SampleScorecard.Catalog.All.Select((kpi, at) => kpi with { ShortName = Story[at].Short })]);

    /// <param name="sequence">The snapshot's number; five seconds lie between two.</param>
    /// <param name="start">When the first was taken.</param>
    /// <param name="environment">The note on the page.</param>
    public static Scorecard Create(long sequence, DateTimeOffset start, string? environment = "Sandbox data")
    {
        var at = start.AddSeconds(5 * (sequence - 1));
        return new Scorecard(sequence, at, [.. Catalog.All.Select((kpi, index) => State(kpi, index, sequence, at))], SampleScorecard.Sources(), environment);
    }

    private static KpiState State(KpiDefinition kpi, int index, long sequence, DateTimeOffset at)
    {
        var story = Story[index];
        var random = new Random((int)(sequence * 31) + index);
        double Wobble(double share) => 1 + ((random.NextDouble() - 0.5) * share);
        var isSlow = kpi.Interval > TimeSpan.FromSeconds(10);
        var value = story.Value * (isSlow ? 1 : Wobble(0.03));
        return new KpiState
        {
            Definition = kpi,
            Status = story.Status,
            Since = at.AddSeconds(-5 * sequence).AddMinutes(-28),
            Reason = story.Reason,
            Reading = new KpiReading
            {
                Value = value,
                MeasuredAt = story.Status is KpiStatus.Stale ? at.AddMinutes(-2) : at.AddSeconds(-1 - (index % 4)),
                Latency = TimeSpan.FromMilliseconds(4 + index),
                Query = index == 1
                    ? "histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{job=\"reconciliation-api\"}[5m]))) * 1000"
                    : kpi.Query.Text,
                Confidence = index is 1 or 2 ? Confidence.Estimated : Confidence.Exact,
                ConfidenceDetail = index switch { 1 => "p95 in (150, 200] ms", 2 => "p99 in (250, 300] ms", 3 => "traces are sampled", _ => null },
                AtLeast = index == 3,
                SampleCount = 24_000 + (sequence * 7),
                Coverage = 1,
                ShareUnderTarget = index == 1 ? 0.934 : null,
                TraceId = index == 3 ? "4bf92f3577b34da6a3ce929d0e0e4736" : null,
            },
            Recent = new TimeSeries([.. Enumerable.Range(0, 73).Select(i => new Sample(at.AddMinutes(-5 * (72 - i)), Past(story.Value, index, i, sequence)))]),
            AgainstPrevious = new KpiChange(value * Wobble(0.2), Wobble(0.4) - 1, index % 3 != 1, index % 5 == 0),
            AgainstLastWeek = new KpiChange(value * 0.9, isSlow ? 0.04 : Wobble(0.2) - 1, index % 2 == 0, index % 4 == 0),
            Attainments = [new Attainment("24h", 0.97 + (index * 0.0017), index == 14 ? 0.4 : 1), new Attainment("7d", 0.981, 0.9), new Attainment("30d", 0.99, 0.2)],
            Advice = index == 1 ? ["The target of 150 ms lies on a bucket bound, so the share under it is exact."] : [],
        };
    }

    private static double Past(double value, int index, int at, long sequence)
    {
        var noise = new Random((index * 1000) + at + (at == 72 ? (int)sequence : 0)).NextDouble() - 0.5;
        return value * (0.86 + (0.1 * Math.Sin((at + (index * 7)) / 11.0)) + (0.05 * noise) + (index == 1 && at > 50 ? 0.18 : 0));
    }
}
