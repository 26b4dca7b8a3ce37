using System.Collections.Concurrent;
using Dashboard.Core.Kpis;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Sources;

/// <summary>
/// Writes the log of one source: a line when a query begins to fail, or to fail otherwise, and one when it is answered again; nothing in between. What ails the
/// source as a whole is said once, not for each query.
/// </summary>
internal sealed partial class SourceLog(SourceKind source, ILogger logger)
{
    // Queries come from the configuration; the bound is for the case that one is made up anew each time.
    private const int MostQueries = 200;

    private readonly ConcurrentDictionary<string, FailureKind> _failing = new(StringComparer.Ordinal);
    private int _whole = -1;

    /// <summary>Passes an answer or a failure on, and notes a change.</summary>
    public async Task<SourceAnswer<T>> WatchAsync<T>(string query, Func<Task<SourceAnswer<T>>> ask)
    {
        try
        {
            var answer = await ask();
            Answered(query);
            return answer;
        }
        catch (SourceException problem)
        {
            Failed(query, problem.Failure);
            throw;
        }
    }

    private void Answered(string query)
    {
        if (Interlocked.Exchange(ref _whole, -1) >= 0)
            LogBack(source.Title());
        if (!_failing.IsEmpty && _failing.TryRemove(query, out _))
            LogAnswered(source.Title(), OutsideText.Clean(query, 200));
    }

    private void Failed(string query, SourceFailure failure)
    {
        if (failure.Kind is FailureKind.Resting)
            return;

        if (failure.Kind is FailureKind.Unreachable or FailureKind.Unauthorized)
        {
            if (Interlocked.Exchange(ref _whole, (int)failure.Kind) != (int)failure.Kind)
                LogDown(source.Title(), failure.Kind, failure.Message, failure.Hint);
            return;
        }

        if (_failing.TryGetValue(query, out var before) && before == failure.Kind)
            return;
        if (_failing.Count >= MostQueries)
            _failing.Clear();
        _failing[query] = failure.Kind;
        LogFailing(source.Title(), failure.Kind, failure.Message, failure.Hint, OutsideText.Clean(query, 200));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} is down ({Kind}): {Message} {Hint}")]
    private partial void LogDown(string source, FailureKind kind, string message, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} answers again.")]
    private partial void LogBack(string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} failed a query ({Kind}): {Message} {Hint} Query: {Query}")]
    private partial void LogFailing(string source, FailureKind kind, string message, string hint, string query);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} answers a query again: {Query}")]
    private partial void LogAnswered(string source, string query);
}
