using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>Finds out why Prometheus has no value, so that the card can say it: nothing happened, the metric is not there, or the service is not scraped.</summary>
internal sealed class MissingMetric(SharedMetricQueries shared, MetricDialects dialects, MetricSettings settings)
{
    private string Target => $"up{{{settings.Selector}}}";

    /// <summary>One sentence, or two, for a query that gave no finite value.</summary>
    /// <exception cref="Sources.SourceException"/>
    public async Task<string> ReasonAsync(KpiDefinition kpi, KpiQuery.PromQl query, MetricQueries queries, MetricAnswer answer, CancellationToken cancellation)
    {
        if (answer.Samples is [{ Value: double.PositiveInfinity or double.NegativeInfinity }])
            return "Prometheus answered with an infinite value: the query divided by zero.";

        if (await AnyAsync($"count({string.Join(" or ", queries.Series)})", cancellation))
            return await WithoutEventsAsync(kpi, query, queries, answer, cancellation);

        // Perhaps the names changed with a new version of the service.
        dialects.Doubt();
        var metric = PromQlOutline.MetricOf(queries.Series[0]);
        var known = metric is not null && await AnyAsync($"count({Selecting(metric)})", cancellation);
        return await TargetProblemAsync(cancellation)
            ?? (known ? $"Prometheus has {metric}, but not for {settings.Selector}: check Metrics:Selector."
                : $"Prometheus has no metric {metric ?? queries.Series[0]}, although it scrapes the service. Check Metrics:Dialect, or the KPI's Query.");
    }

    /// <summary>The reading where no dialect is known, so that there is no query to ask.</summary>
    /// <exception cref="Sources.SourceException"/>
    public async Task<KpiReading> WithoutDialectAsync(KpiQuery.PromQl query, DateTimeOffset now, CancellationToken cancellation) => new()
    {
        Value = null,
        NoValueReason = await TargetProblemAsync(cancellation)
            ?? $"Prometheus has no request metrics under any known name ({string.Join(", ", KnownDialects.All.Select(d => d.Requests))}). Set Metrics:Dialect, or the KPI's Query.",
        MeasuredAt = now,
        Latency = TimeSpan.Zero,
        Query = query.Expression,
    };

    private async Task<string> WithoutEventsAsync(KpiDefinition kpi, KpiQuery.PromQl query, MetricQueries queries, MetricAnswer answer, CancellationToken cancellation)
    {
        var window = Wording.Span(kpi.Window);
        if (queries.Buckets is { } buckets && (await shared.AskAsync(buckets, cancellation)).Samples.IsEmpty)
        {
            var metric = PromQlOutline.Of(buckets).Selectors is [var first, ..] ? PromQlOutline.MetricOf(first) ?? first : "the histogram";
            return $"Prometheus has no buckets in {metric}: percentiles need the service to publish a histogram.";
        }

        if (queries.Samples is { } samples)
        {
            return (await shared.AskAsync(samples, cancellation)).Value is > 0 and var count
                ? $"The query gave no result for {Wording.Number(Math.Round(count))} requests: see whether {string.Join(" and ", queries.Series)} carries the labels that it names."
                : $"There were no requests in the last {window}.";
        }

        return answer.Samples is [{ Value: double.NaN }]
            ? $"Prometheus answered NaN: in the last {window} there was nothing to work the value out from."
            : $"The query gave no result, although Prometheus has {string.Join(" and ", queries.Series)}.";
    }

    private async Task<string?> TargetProblemAsync(CancellationToken cancellation)
    {
        if (settings.Selector.Length is 0)
            return null;

        var up = await shared.AskAsync(Target, cancellation);
        return up.Samples switch
        {
            [] => $"Prometheus scrapes no target with {settings.Selector}: check its scrape configuration and Metrics:Selector.",
            var all when all.All(s => s.Value is 0) => $"Prometheus cannot scrape the service: {Target} is 0. Check that the service runs and answers at its metrics path.",
            _ => null,
        };
    }

    private async Task<bool> AnyAsync(string count, CancellationToken cancellation) => (await shared.AskAsync(count, cancellation)).Value is > 0;

    private static string Selecting(string metric) => metric.Contains('.', StringComparison.Ordinal) ? $"{{\"{metric}\"}}" : metric;
}
