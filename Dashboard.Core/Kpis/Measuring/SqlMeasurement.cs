using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>Measures a KPI by its SQL statement.</summary>
internal sealed class SqlMeasurement(IBusinessSource business, TimeProvider clock)
{
    /// <summary>A past range is looked at this often at most: each look is a query over the whole window.</summary>
    public const int MostEvaluations = 200;

    /// <exception cref="SourceException"/>
    public async Task<KpiOutcome> MeasureAsync(KpiDefinition kpi, KpiQuery.Sql query, CancellationToken cancellation)
    {
        var range = TimeRange.Before(clock.GetUtcNow(), kpi.Window);
        var answer = await business.MeasureAsync(query.Statement, range, cancellation);
        var answered = clock.GetUtcNow();
        var skew = ClockSkew.Of(SourceKind.Postgres, answer.ServerTime - (answered - (answer.Latency / 2)));
        var value = answer.Value.Value is { } number && double.IsFinite(number) ? number : (double?)null;
        var reading = new KpiReading
        {
            Value = value,
            NoValueReason = value is not null ? null
                : answer.Value.Value is null ? $"The database has nothing to measure in the last {Wording.Span(kpi.Window)}."
                : "The statement gave a value that is not a number.",

            // Told "newer than now" only means that the clocks differ a little.
            MeasuredAt = answer.Value.Newest is { } newest && newest < answered ? newest : answered,
            FreshnessProblem = skew.Problem ?? (value is not null && answer.Value.Newest is null
                ? "The statement does not tell how new its value is: let its column newest say it."
                : null),
            Latency = answer.Latency,
            Query = query.Statement,
            SampleCount = answer.Value.Samples,
            Coverage = answer.Value.Since is { } since ? Math.Clamp((range.End - since) / range.Length, 0, 1) : null,
            Warnings = skew.Warning is { } said ? answer.Warnings.Add(said) : answer.Warnings,
        };
        return new KpiOutcome.Measured(value is null ? reading : Doubts.Added(reading, kpi, quantile: null, SourceKind.Postgres, answer.Warnings));
    }

    /// <summary>
    /// What the statement would have said at each step. Where there are more steps than <see cref="MostEvaluations"/>, the steps between two looks repeat the
    /// earlier one.
    /// </summary>
    /// <exception cref="SourceException"/>
    public async Task<TimeSeries> PastAsync(KpiDefinition kpi, KpiQuery.Sql query, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        var steps = (long)(range.Length / step) + 1;
        var each = (steps + MostEvaluations - 1) / MostEvaluations;
        var samples = new List<Sample>();
        double? value = null;
        for (var i = 0L; i < steps; i++)
        {
            var at = range.Start + (i * step);
            if (i % each is 0)
                value = (await business.MeasureAsync(query.Statement, TimeRange.Before(at, kpi.Window), cancellation)).Value.Value;
            if (value is { } known && double.IsFinite(known))
                samples.Add(new(at, known));
        }

        return new([.. samples]);
    }
}
