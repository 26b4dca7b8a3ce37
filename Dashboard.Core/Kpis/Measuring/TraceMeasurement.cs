using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>Measures the slowest request by its trace.</summary>
/// <param name="traces">Jaeger.</param>
/// <param name="shared">Prometheus, for the histogram that bounds the maximum where traces are sampled.</param>
/// <param name="dialects">How the histogram is named.</param>
/// <param name="settings">Where the histogram is found.</param>
/// <param name="service">The service's name in the traces, unless the KPI names another.</param>
/// <param name="clock">Our clock.</param>
internal sealed class TraceMeasurement(
    ITraceSource traces, SharedMetricQueries shared, MetricDialects dialects, MetricSettings settings, string service, TimeProvider clock)
{
    /// <exception cref="SourceException">Jaeger failed. That Prometheus cannot give the bound is no failure.</exception>
    public async Task<KpiOutcome> MeasureAsync(KpiDefinition kpi, KpiQuery.SlowestTrace query, CancellationToken cancellation)
    {
        var name = query.Service ?? service;
        var now = clock.GetUtcNow();
        var answer = await traces.SlowestAsync(name, TimeRange.Before(now, kpi.Window), cancellation);
        var answered = clock.GetUtcNow();
        var skew = ClockSkew.Of(SourceKind.Jaeger, answer.ServerTime - (answered - (answer.Latency / 2)));
        var reading = new KpiReading
        {
            Value = null,
            NoValueReason = $"Jaeger has no traces of {name} in the last {Wording.Span(kpi.Window)}.",
            MeasuredAt = answered,
            FreshnessProblem = skew.Problem,
            Latency = answer.Latency,
            Query = answer.Value?.Query ?? $"{query.Text}: {name}",
            Warnings = skew.Warning is { } said ? answer.Warnings.Add(said) : answer.Warnings,
        };
        if (answer.Value is not { } slowest)
            return new KpiOutcome.Measured(reading);

        reading = reading with
        {
            Value = kpi.Unit is "s" ? slowest.Duration.TotalSeconds : slowest.Duration.TotalMilliseconds,
            NoValueReason = null,
            MeasuredAt = await NewestAsync(name, slowest, now, kpi.Interval, cancellation),
            TraceId = slowest.TraceId,
        };
        if (slowest.Sampled)
            reading = await BoundedAsync(reading, kpi, query, cancellation);
        return new KpiOutcome.Measured(Doubts.Added(reading, kpi, quantile: null, SourceKind.Jaeger, answer.Warnings));
    }

    /// <summary>
    /// When the newest trace was taken, as far as that matters. The slowest of the window may be minutes old while others keep coming: then the value is
    /// fresh. Where none came lately, tracing may have stopped, and the value is as old as its trace.
    /// </summary>
    private async Task<DateTimeOffset> NewestAsync(string name, SlowestSpan slowest, DateTimeOffset now, TimeSpan interval, CancellationToken cancellation)
    {
        var newest = Ended(slowest);
        foreach (var past in (TimeSpan[])[interval, interval * 3])
        {
            if (newest >= now - past)
                break;
            if ((await traces.SlowestAsync(name, TimeRange.Before(now, past), cancellation)).Value is { } recent && Ended(recent) > newest)
                newest = Ended(recent);
        }

        return newest < now ? newest : now;

        static DateTimeOffset Ended(SlowestSpan span) => span.StartedAt + span.Duration;
    }

    private async Task<KpiReading> BoundedAsync(KpiReading reading, KpiDefinition kpi, KpiQuery.SlowestTrace query, CancellationToken cancellation)
    {
        const string Sampled = "traces are sampled: at least";
        var atLeast = reading with { AtLeast = true, ConfidenceDetail = Sampled };
        if (query.Buckets is not { } template || await HistogramAsync(template, kpi.Window, cancellation) is not { } histogram)
            return atLeast;

        // The histogram is in seconds.
        var scale = kpi.Unit is "s" ? 1 : 1000;
        var bound = histogram.HighestInUse();
        return double.IsInfinity(bound)
            ? atLeast with { ConfidenceDetail = $"{Sampled}; the histogram has requests above its highest bound, {Wording.Number(histogram.Top * scale)} {kpi.Unit}" }
            : atLeast with
            {
                UpperBound = Math.Max(bound * scale, reading.Value ?? 0),
                ConfidenceDetail = $"{Sampled}; by the histogram at most {Wording.Number(Math.Max(bound * scale, reading.Value ?? 0))} {kpi.Unit}",
            };
    }

    private async Task<Histogram?> HistogramAsync(string template, TimeSpan window, CancellationToken cancellation)
    {
        try
        {
            var dialect = await dialects.FindAsync(cancellation);
            return dialect is null && PromQlTemplate.NeedsDialect(template)
                ? null
                : Histogram.Of((await shared.AskAsync(PromQlTemplate.Expand(template, dialect, settings.Selector, window), cancellation)).Samples);
        }
        catch (SourceException)
        {
            // Prometheus' own cards say that it fails; the trace is still the slowest that is known.
            return null;
        }
    }
}
