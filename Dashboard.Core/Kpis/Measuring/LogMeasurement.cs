using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>Measures a share of log documents.</summary>
internal sealed class LogMeasurement(ILogSource logs, TimeProvider clock)
{
    /// <exception cref="SourceException"/>
    public async Task<KpiOutcome> MeasureAsync(KpiDefinition kpi, KpiQuery.LogShare query, CancellationToken cancellation)
    {
        var answer = await logs.CountAsync(query.Matching, query.Among, TimeRange.Before(clock.GetUtcNow(), kpi.Window), cancellation);
        var answered = clock.GetUtcNow();
        var skew = ClockSkew.Of(SourceKind.Elasticsearch, answer.ServerTime - (answered - (answer.Latency / 2)));
        var counts = answer.Value;
        var reading = new KpiReading
        {
            Value = counts.Among > 0 ? 100.0 * counts.Matching / counts.Among : null,
            NoValueReason = counts.Among > 0 ? null : $"No log entries in the last {Wording.Span(kpi.Window)} match {query.Among}.",
            MeasuredAt = counts.Newest is { } newest && newest < answered ? newest : answered,
            FreshnessProblem = skew.Problem ?? (counts is { Among: > 0, Newest: null } ? "Elasticsearch did not tell the time of the newest log entry." : null),
            Latency = answer.Latency,
            Query = counts.Query,
            SampleCount = counts.Among,
            Warnings = skew.Warning is { } said ? answer.Warnings.Add(said) : answer.Warnings,
        };
        return new KpiOutcome.Measured(reading.Value is null ? reading : Doubts.Added(reading, kpi, quantile: null, SourceKind.Elasticsearch, answer.Warnings));
    }

    /// <summary>The share at each step of a past range, each over the window before it.</summary>
    /// <exception cref="SourceException"/>
    public async Task<TimeSeries> PastAsync(KpiDefinition kpi, KpiQuery.LogShare query, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        // Counted once in short intervals and added up: far below the 65,535 buckets that Elasticsearch allows.
        const int MostIntervals = 20_000;
        var counted = range with { Start = range.Start - kpi.Window };
        var least = counted.Length / MostIntervals;
        var interval = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(least.TotalSeconds, Math.Min(step.TotalSeconds, kpi.Window.TotalSeconds))));
        var counts = (await logs.CountByTimeAsync(query.Matching, query.Among, counted, interval, cancellation)).Value.OrderBy(c => c.At).ToList();
        var samples = new List<Sample>();
        var (first, after, matching, among) = (0, 0, 0L, 0L);

        // Intervals lie on whole multiples of their length, and so do the steps: else a window as long as an interval would never hold a whole one.
        for (var at = NextMultiple(range.Start, interval); at <= range.End; at += step)
        {
            for (; after < counts.Count && counts[after].At + interval <= at; after++)
                (matching, among) = (matching + counts[after].Matching, among + counts[after].Among);
            for (; first < after && counts[first].At < at - kpi.Window; first++)
                (matching, among) = (matching - counts[first].Matching, among - counts[first].Among);
            if (among > 0)
                samples.Add(new(at, 100.0 * matching / among));
        }

        return new([.. samples]);
    }

    private static DateTimeOffset NextMultiple(DateTimeOffset at, TimeSpan interval)
    {
        var past = at.UtcTicks % interval.Ticks;
        return past == 0 ? at : new DateTimeOffset(at.UtcTicks - past + interval.Ticks, TimeSpan.Zero);
    }
}
