using System.Collections.Immutable;
using System.Globalization;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis;

/// <summary>
/// Checks what is measured by PromQL: whether the histogram can tell the target, whether windows hold enough scrapes, whether there are enough observations,
/// whether a metric has vanished. The other sources count single events, with which none of this goes wrong.
/// </summary>
internal sealed class TargetChecker(KpiCatalog catalog, SharedMetricQueries shared, MetricDialects dialects, MetricSettings settings) : ITargetChecker
{
    /// <summary>A rate needs two samples; with four scrapes in the window it still has them when one fails or comes late.</summary>
    private const int LeastScrapes = 4;

    public async Task<ImmutableDictionary<string, ImmutableArray<string>>> CheckAsync(CancellationToken cancellation)
    {
        var advice = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        try
        {
            foreach (var kpi in catalog.All)
            {
                if (kpi.Query is KpiQuery.PromQl query && await CheckAsync(kpi, query, cancellation) is { IsEmpty: false } sentences)
                    advice[kpi.Id] = sentences;
            }
        }
        catch (SourceException)
        {
            // Its own cards tell that Prometheus fails; there is nothing to advise on until it answers.
        }

        return advice.ToImmutable();
    }

    private async Task<ImmutableArray<string>> CheckAsync(KpiDefinition kpi, KpiQuery.PromQl query, CancellationToken cancellation)
    {
        var dialect = MetricQueries.NeedDialect(query) ? await dialects.FindAsync(cancellation) : null;
        if (dialect is null && MetricQueries.NeedDialect(query))
            return [];

        var queries = MetricQueries.Of(query, kpi.Window, dialect, settings.Selector);
        if (queries.Series is not [var series, ..])
            return [];
        if (await ValueAsync($"count({series})", cancellation) is null)
            return await VanishedAsync(series, cancellation);

        List<string?> sentences =
        [
            .. await ScrapesAsync(kpi, queries, series, cancellation),
            query.Quantile is { } quantile && queries.Buckets is { } buckets ? await BoundsAsync(kpi, quantile, queries.Expression, buckets, cancellation) : null,
            queries.Samples is { } samples && await ValueAsync(samples, cancellation) is { } count && count < kpi.LeastSamples
                ? Doubts.TooFew(kpi, query.Quantile, (long)Math.Round(count))
                : null,
        ];
        return [.. sentences.OfType<string>()];
    }

    private async Task<ImmutableArray<string>> VanishedAsync(string series, CancellationToken cancellation)
    {
        if (await ValueAsync($"max(max_over_time(timestamp({series})[24h:5m]))", cancellation) is not { } last)
            return [];

        var seen = DateTimeOffset.FromUnixTimeMilliseconds((long)(last * 1000)).UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return [$"{PromQlOutline.MetricOf(series) ?? series} has vanished: Prometheus last had it at {seen} UTC."];
    }

    private async Task<IEnumerable<string>> ScrapesAsync(KpiDefinition kpi, MetricQueries queries, string series, CancellationToken cancellation)
    {
        if (await ScrapeIntervalAsync(series, cancellation) is not { } scrape)
            return [];

        var every = Wording.Span(scrape);
        var sentences = PromQlOutline.Of(queries.Expression).Ranges
            .Where(range => range < LeastScrapes * scrape)
            .Select(range => $"The query looks back over {Wording.Span(range)}, fewer than four scrapes (one every {every}): give it {Wording.Span(LeastScrapes * scrape)} or more.");
        return kpi.Interval * 3 < scrape * 2
            ? sentences.Append($"It is read every {Wording.Span(kpi.Interval)} but scraped only every {every}, so its readings turn stale in between: set its Interval to {KpiDuration.Format(scrape)}.")
            : sentences;
    }

    /// <summary>
    /// How often the series is scraped: as set, or as counted over five minutes; not known unless the five minutes before had as many and the last minute its
    /// share of them, since a series that has just begun or was away has few samples for another reason.
    /// </summary>
    private async Task<TimeSpan?> ScrapeIntervalAsync(string series, CancellationToken cancellation)
    {
        if (settings.ScrapeInterval is { } set)
            return set;

        var now = $"count_over_time({series}[5m])";
        var asBefore = $"abs({now} - count_over_time({series}[5m] offset 5m)) <= 2";
        var evenly = $"abs(5 * (count_over_time({series}[1m]) or 0 * {now}) - {now}) <= 5";
        return await ValueAsync($"max({now} and {asBefore} and {evenly})", cancellation) is { } scrapes and > 0
            ? TimeSpan.FromSeconds(Math.Round(300 / scrapes))
            : null;
    }

    private async Task<string?> BoundsAsync(KpiDefinition kpi, double quantile, string expression, string buckets, CancellationToken cancellation)
    {
        if (Histogram.Of((await shared.AskAsync(buckets, cancellation)).Samples) is not { } histogram
            || await ValueAsync(expression, cancellation) is not { } value
            || PercentileConfidence.Scale(value, histogram.Quantile(quantile)) is not { } scale)
            return null;

        var target = kpi.Target.Value / scale;
        if (histogram.ShareUpTo(target) is not null)
            return null;
        if (target > histogram.Top)
        {
            return $"The target of {Wording.Number(kpi.Target.Value)} {kpi.Unit} is above the histogram's highest bound, {Wording.Number(histogram.Top * scale)} {kpi.Unit}: "
                + "what lies above it is not told apart, so the target cannot be judged. Give the histogram a bound at the target.";
        }

        var (lower, upper) = histogram.Around(target);
        return $"The target of {Wording.Number(kpi.Target.Value)} {kpi.Unit} lies between the histogram's bounds {Wording.Number(lower * scale)} and {Wording.Number(upper * scale)} {kpi.Unit}: "
            + "there the percentile is only estimated. Give the histogram a bound at the target.";
    }

    private async Task<double?> ValueAsync(string expression, CancellationToken cancellation) => (await shared.AskAsync(expression, cancellation)).Value;
}
