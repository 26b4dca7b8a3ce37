using System.Collections.Immutable;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Collection;

/// <summary>
/// Fills the past of which the history knows nothing from what the sources still know: one question at a time, a day at most each, the newest day first. What was
/// measured is never replaced, so being stopped half way costs nothing: the next start goes on with what is missing. What a source does not answer is asked again later.
/// </summary>
internal sealed partial class PastFiller(
    CollectedKpis kpis, IKpiReader reader, CollectionMetrics metrics, CollectionOptions options, TimeProvider clock, ILogger<PastFiller> log)
{
    /// <summary>Between two questions, so that the sources hardly notice.</summary>
    internal static TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Before what failed is asked again.</summary>
    internal static TimeSpan RetryAfter { get; } = TimeSpan.FromMinutes(5);

    private const int MinutesOfDay = 24 * 60;

    /// <summary>How finely the past of a KPI is asked for: by the minute where the source keeps series, coarser where each point is a query over rows.</summary>
    internal static TimeSpan StepOf(KpiDefinition kpi) => kpi.Query.Source switch
    {
        SourceKind.Postgres => TimeSpan.FromHours(1),
        SourceKind.Elasticsearch => TimeSpan.FromMinutes(5),
        _ when kpi.Window >= TimeSpan.FromDays(7) => TimeSpan.FromMinutes(30),
        _ when kpi.Window >= TimeSpan.FromHours(6) => TimeSpan.FromMinutes(5),
        _ => TimeSpan.FromMinutes(1),
    };

    /// <summary>Runs until nothing is missing that the sources know. Throws only where it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (options.Backfill < TimeSpan.FromMinutes(1))
            return;

        var now = HistoryMinute.Of(clock.GetUtcNow());
        var from = now - (long)options.Backfill.TotalMinutes;
        ImmutableArray<KpiDefinition> pending = kpis.Definitions;
        while (true)
        {
            var failed = ImmutableArray.CreateBuilder<KpiDefinition>();
            HashSet<SourceKind> silent = [];
            foreach (var kpi in pending)
            {
                if (silent.Contains(kpi.Query.Source) || !await FillAsync(kpi, from, now, cancellation))
                {
                    silent.Add(kpi.Query.Source);
                    failed.Add(kpi);
                }
            }

            pending = failed.DrainToImmutable();
            if (pending.IsEmpty)
                return;
            await Task.Delay(RetryAfter, clock, cancellation);
        }
    }

    /// <summary>Fills one KPI's gaps; false where its source failed.</summary>
    private async Task<bool> FillAsync(KpiDefinition kpi, long from, long to, CancellationToken cancellation)
    {
        var step = StepOf(kpi);
        var stepMinutes = (long)step.TotalMinutes;
        var filled = 0;
        List<Sample> past = [];
        foreach (var (start, end) in Questions(kpis.Gaps(kpi.Id, from, to), stepMinutes))
        {
            // One step earlier: the value of a step that began before the gap still holds in its first minutes.
            var range = new TimeRange(HistoryMinute.StartOf(start - stepMinutes), HistoryMinute.StartOf(end));
            var began = clock.GetTimestamp();
            try
            {
                var series = await reader.PastAsync(kpi, range, step, cancellation);
                metrics.Asked(kpi.Query.Source, "past", true, clock.GetElapsedTime(began));
                filled += kpis.Fill(kpi.Id, MinutesOf(kpi, series, stepMinutes, start, end));
                past.AddRange(series.Samples.IsDefault ? [] : series.Samples);
            }
            catch (SourceException exception)
            {
                metrics.Asked(kpi.Query.Source, "past", false, clock.GetElapsedTime(began));
                LogFailed(kpi.Id, exception.Failure.Message);
                return false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                // A defect in one KPI's past must not keep the others' from being filled; asking again would not mend it.
                LogDefect(exception, kpi.Id);
                return true;
            }

            await Task.Delay(Pause, clock, cancellation);
        }

        if (filled > 0)
        {
            LogFilled(kpi.Id, filled, step);
            if (TrailingStatus(kpi, past, step, HistoryMinute.StartOf(to)) is var (began, status))
                kpis.Recall(kpi.Id, began, status);
        }

        return true;
    }

    /// <summary>
    /// The gaps as questions of a day at most, newest first. A gap no longer than two steps is left: at the edges of what is known there always is one.
    /// </summary>
    internal static IEnumerable<(long From, long To)> Questions(ImmutableArray<(long From, long To)> gaps, long stepMinutes)
    {
        foreach (var (from, to) in gaps.Reverse())
        {
            if (to - from <= 2 * stepMinutes)
                continue;
            for (var end = to; end > from; end -= MinutesOfDay)
                yield return (Math.Max(from, end - MinutesOfDay), end);
        }
    }

    /// <summary>The minutes [from, to) that the samples tell of: each holds for one step, and is judged by today's target.</summary>
    internal static IEnumerable<HistoryMinute> MinutesOf(KpiDefinition kpi, TimeSeries series, long stepMinutes, long from, long to)
    {
        if (series.IsEmpty)
            yield break;

        for (var i = 0; i < series.Samples.Length; i++)
        {
            var (at, value) = series.Samples[i];
            if (!double.IsFinite(value))
                continue;
            var start = HistoryMinute.Of(at);
            var end = start + stepMinutes;
            if (i + 1 < series.Samples.Length)
                end = Math.Min(end, HistoryMinute.Of(series.Samples[i + 1].At));
            var met = kpi.Target.Judge(value).IsAttained() ? 60_000 : 0;
            for (var minute = Math.Max(start, from); minute < Math.Min(end, to); minute++)
                yield return new HistoryMinute(minute, value, value, value, met, 60_000, Backfilled: true);
        }
    }

    /// <summary>The status in which the past ends, and since when it was held there without a break; null where the past ends long before <paramref name="end"/>.</summary>
    internal static (DateTimeOffset Began, KpiStatus Status)? TrailingStatus(
        KpiDefinition kpi, IEnumerable<Sample> past, TimeSpan step, DateTimeOffset end)
    {
        (DateTimeOffset Began, KpiStatus Status)? run = null;
        var next = end;
        foreach (var (at, value) in past.Where(sample => double.IsFinite(sample.Value) && sample.At < end).OrderByDescending(sample => sample.At))
        {
            if (next - at > 3 * step)
                break;
            var status = kpi.Target.Judge(value);
            if (run is { } known && known.Status != status)
                break;
            run = (at, status);
            next = at;
        }

        return run;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The past of {Kpi} was filled: {Minutes} minutes, by steps of {Step}.")]
    private partial void LogFilled(string kpi, int minutes, TimeSpan step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The past of {Kpi} could not be read, it is tried again later: {Reason}")]
    private partial void LogFailed(string kpi, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The past of {Kpi} could not be read.")]
    private partial void LogDefect(Exception exception, string kpi);
}
