using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>Measures a KPI by PromQL: its value, how old that is, how far it can be trusted.</summary>
internal sealed class MetricMeasurement(
    IMetricSource metrics, SharedMetricQueries shared, MetricDialects dialects, MetricSettings settings, TimeProvider clock)
{
    private readonly MissingMetric _missing = new(shared, dialects, settings);

    /// <summary>Instant queries look this far back for a sample, unless the server is set otherwise.</summary>
    private static readonly TimeSpan Lookback = TimeSpan.FromMinutes(5);

    /// <exception cref="SourceException"/>
    public async Task<KpiOutcome> MeasureAsync(KpiDefinition kpi, KpiQuery.PromQl query, CancellationToken cancellation)
    {
        var dialect = MetricQueries.NeedDialect(query) ? await dialects.FindAsync(cancellation) : null;
        if (dialect is null && MetricQueries.NeedDialect(query))
            return new KpiOutcome.Measured(await _missing.WithoutDialectAsync(query, clock.GetUtcNow(), cancellation));

        var queries = MetricQueries.Of(query, kpi.Window, dialect, settings.Selector);
        var value = MetricAnswer.OfAsync(metrics, queries.Expression, clock, cancellation);
        var newest = shared.AskAsync(queries.Newest, cancellation);
        var present = shared.AskAsync(queries.Present, cancellation);
        var samples = queries.Samples is { } counting ? shared.AskAsync(counting, cancellation) : null;
        var buckets = queries.Buckets is { } histogram ? shared.AskAsync(histogram, cancellation) : null;
        await Task.WhenAll([value, newest, present, .. samples is null ? [] : new[] { samples }, .. buckets is null ? [] : new[] { buckets }]);

        var answer = await value;
        if (answer.Samples.Length > 1)
            return new KpiOutcome.Failed(TooMany(answer.Samples.Length));

        var age = await newest;
        var skew = ClockSkew.Of(SourceKind.Prometheus, age.Skew ?? answer.Skew);
        var warnings = skew.Warning is { } said ? answer.Warnings.Add(said) : answer.Warnings;
        var reading = new KpiReading
        {
            Value = answer.Value,
            MeasuredAt = MeasuredAt(kpi, answer, age),
            FreshnessProblem = skew.Problem,
            Latency = answer.Latency,
            Query = queries.Expression,
            SampleCount = samples is not null && (await samples).Value is { } count and >= 0 ? (long)Math.Round(count) : null,
            Coverage = Math.Clamp(((await present).Value ?? 0) / queries.Steps, 0, 1),
            Warnings = warnings,
        };
        if (reading.Value is null)
        {
            return new KpiOutcome.Measured(reading with
            {
                MeasuredAt = answer.At,
                NoValueReason = await _missing.ReasonAsync(kpi, query, queries, answer, cancellation),
            });
        }

        if (query.Quantile is { } quantile && buckets is not null && Histogram.Of((await buckets).Samples) is { } bounds)
            reading = PercentileConfidence.Of(reading, kpi.Target, kpi.Unit, quantile, bounds);
        return new KpiOutcome.Measured(Doubts.Added(reading, kpi, query.Quantile, SourceKind.Prometheus, answer.Warnings));
    }

    /// <summary>The failure that several results are: none of them can be said to be the KPI's value.</summary>
    public static SourceFailure TooMany(int results) => new(
        SourceKind.Prometheus, FailureKind.NotUnderstood, $"The query gave {results} results where one is expected.",
        "Bring them together in the query, for example by sum(…) or max(…).");

    private static DateTimeOffset MeasuredAt(KpiDefinition kpi, MetricAnswer answer, MetricAnswer newest)
    {
        // Both times are the server's, so their difference is the age whatever that clock shows.
        if (newest.Samples is [{ At: var evaluated }] && newest.Value is { } unix && unix >= 0 && unix < 253_402_300_800)
        {
            var old = evaluated - DateTimeOffset.FromUnixTimeMilliseconds((long)(unix * 1000));
            return newest.At - (old > TimeSpan.Zero ? old : TimeSpan.Zero);
        }

        // There is a value but nothing new enough behind it is found: it is at least as old as what the server looks back over.
        return answer.At - (kpi.Window > Lookback ? kpi.Window : Lookback);
    }
}
