using Dashboard.Core.History;
using Dashboard.Core.Series;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Collection;

/// <summary>Carries what the collector knows into the history and back after a restart.</summary>
internal sealed partial class HistoryKeeper(CollectedKpis kpis, IReadingHistory history, TimeProvider clock, ILogger<HistoryKeeper> log)
{
    /// <summary>What is restored: the longest attainment, and a little for comparisons.</summary>
    private static readonly TimeSpan Restored = TimeSpan.FromDays(31);

    /// <summary>Batches that could not be written are kept for a next try, but not without end.</summary>
    private const int MostWaiting = 2_000;

    private readonly Queue<HistoryBatch> _waiting = new();
    private DateTimeOffset _pruneDue = DateTimeOffset.MinValue;
    private bool _failing;

    /// <exception cref="Settings.SettingsException">The history cannot be used as it is set up.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await history.OpenAsync(cancellation);
        var now = clock.GetUtcNow();
        var range = new TimeRange(now - Restored, now.AddMinutes(1));
        var seenUntil = await history.SeenUntilAsync(cancellation);
        List<HistoryMinute> portion = [];
        foreach (var kpi in kpis.Definitions)
        {
            await foreach (var minute in history.MinutesAsync(kpi.Id, range, cancellation))
            {
                portion.Add(minute);
                if (portion.Count < 1_000)
                    continue;
                kpis.Restore(kpi.Id, portion);
                portion.Clear();
            }

            kpis.Restore(kpi.Id, portion);
            portion.Clear();
            kpis.Remember(kpi.Id, await history.ChangesAsync(kpi.Id, range, cancellation), seenUntil);
        }
    }

    /// <summary>Writes what is new; what cannot be written is tried again the next time. Never throws. Not to be called while it is under way.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (kpis.TakeUnwritten(now) is { } batch)
            _waiting.Enqueue(batch);
        while (_waiting.Count > MostWaiting)
            _waiting.Dequeue();

        try
        {
            while (_waiting.TryPeek(out var next))
            {
                await history.WriteAsync(next, cancellation);
                _waiting.Dequeue();
            }

            if (now >= _pruneDue)
            {
                await history.PruneAsync(now, cancellation);
                _pruneDue = now.AddHours(1);
            }

            if (_failing)
                LogWritten();
            _failing = false;
        }
        catch (OperationCanceledException)
        {
            // Stopping: the last call writes what is left.
        }
        catch (HistoryException exception)
        {
            if (!_failing)
                LogNotWritten(exception, exception.Message);
            _failing = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Readings cannot be kept: {Reason} It is tried again.")]
    private partial void LogNotWritten(Exception exception, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Readings are kept again.")]
    private partial void LogWritten();
}
