using Dashboard.Core.Series;

namespace Dashboard.Core.History;

/// <summary>Keeps readings and status changes for months, over restarts.</summary>
public interface IReadingHistory
{
    /// <summary>Makes it ready for use. Called once, before anything else.</summary>
    /// <exception cref="Settings.SettingsException">It cannot be used as it is set up.</exception>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Up to when the dashboard watched when it last ran; null where it never did.</summary>
    Task<DateTimeOffset?> SeenUntilAsync(CancellationToken cancellation);

    /// <summary>The minutes of a KPI that begin in the range, in order of time.</summary>
    /// <exception cref="HistoryException"/>
    IAsyncEnumerable<HistoryMinute> MinutesAsync(string kpi, TimeRange range, CancellationToken cancellation);

    /// <summary>The status changes of a KPI in the range, in order of time, preceded by the one that its start fell into.</summary>
    /// <exception cref="HistoryException"/>
    Task<IReadOnlyList<StatusChange>> ChangesAsync(string kpi, TimeRange range, CancellationToken cancellation);

    /// <summary>Writes all of a batch or nothing of it.</summary>
    /// <exception cref="HistoryException"/>
    Task WriteAsync(HistoryBatch batch, CancellationToken cancellation);

    /// <summary>Forgets what is older than it is to be kept.</summary>
    /// <exception cref="HistoryException"/>
    Task PruneAsync(DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>The history could not be read or written just now.</summary>
public sealed class HistoryException(string message, Exception inner) : Exception(message, inner);
