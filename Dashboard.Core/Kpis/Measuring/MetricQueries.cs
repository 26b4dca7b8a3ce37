using System.Collections.Immutable;
using System.Globalization;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>All that is asked of Prometheus for one KPI, as it is sent.</summary>
/// <param name="Expression">The value.</param>
/// <param name="Series">The series whose newest sample tells the value's age.</param>
/// <param name="Newest">The unix time of that sample: of one that is there now, or else of the last one in the window.</param>
/// <param name="Present">How many steps of the window had samples.</param>
/// <param name="Steps">How many steps the window has.</param>
/// <param name="Samples">The observations behind the value; null where that has no meaning.</param>
/// <param name="Buckets">The histogram behind a percentile, by le; null otherwise.</param>
internal sealed record MetricQueries(
    string Expression, ImmutableArray<string> Series, string Newest, string Present, double Steps, string? Samples, string? Buckets)
{
    public static bool NeedDialect(KpiQuery.PromQl query) =>
        PromQlTemplate.NeedsDialect(query.Expression) || PromQlTemplate.NeedsDialect(query.Samples ?? "") || PromQlTemplate.NeedsDialect(query.Freshness ?? "");

    public static MetricQueries Of(KpiQuery.PromQl query, TimeSpan window, MetricDialect? dialect, string selector)
    {
        var expression = Fill(query.Expression);
        var series = query.Freshness is { } freshness ? [Fill(freshness)] : PromQlOutline.Of(expression).Selectors;
        var resolution = PromQlTemplate.Resolution(window);
        var span = $"[{KpiDuration.Format(window)}:{KpiDuration.Format(resolution)}]";
        var times = string.Join(" or ", series.Select(s => $"timestamp({s})"));
        return new(
            expression,
            series,

            // The subqueries look at fixed steps only, so they are answers of last resort: when the series have ended, they still tell when. The steps of a long
            // window lie hours apart, so the last hour is looked at more closely first.
            $"max({times}){(resolution > TimeSpan.FromMinutes(1) ? $" or max(max_over_time(({times})[1h:30s]))" : "")} or max(max_over_time(({times}){span}))",
            string.Create(CultureInfo.InvariantCulture, $"count_over_time((count({string.Join(" or ", series)}) > 0){span})"),
            Math.Max(1, Math.Floor(window / resolution)),
            query.Samples is { } samples ? Fill(samples) : null,
            query.Quantile is null ? null : PromQlOutline.BucketsIn(expression));

        string Fill(string template) => PromQlTemplate.Expand(template, dialect, selector, window);
    }
}
