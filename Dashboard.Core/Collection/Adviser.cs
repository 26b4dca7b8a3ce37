using Dashboard.Core.Kpis;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Collection;

/// <summary>Asks the checker now and then what is to be said of the targets, and says so on the cards and, when it changes, in the log.</summary>
internal sealed partial class Adviser(CollectedKpis kpis, ITargetChecker checker, TimeProvider clock, ILogger<Adviser> log)
{
    /// <summary>What it looks at (scrape intervals, bucket bounds, traffic) seldom changes.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>At first it is looked at more often: where everything has just been started, there is little to judge by.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMinutes(1);
    private const int FirstRounds = 6;

    private readonly HashSet<(string Kpi, string Sentence)> _told = [];
    private HashSet<(string Kpi, string Sentence)> _before = [];

    /// <summary>Throws only where it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(FirstInterval, clock);
        var rounds = 0;
        do
        {
            await AdviseAsync(cancellation);
            if (++rounds == FirstRounds)
                timer.Period = Interval;
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Asks once. Throws only where it is cancelled.</summary>
    public async Task AdviseAsync(CancellationToken cancellation)
    {
        try
        {
            var advice = await checker.CheckAsync(cancellation);
            kpis.Advise(advice);

            // Only what is found twice in a row is worth a line in the log, and that once.
            HashSet<(string Kpi, string Sentence)> found = [.. advice.SelectMany(kpi => kpi.Value.Select(sentence => (kpi.Key, sentence)))];
            foreach (var (kpi, sentence) in found.Where(_before.Contains))
            {
                if (_told.Add((kpi, sentence)))
                    LogAdvice(kpi, sentence);
            }

            _before = found;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // Advice is an extra: without it everything else goes on.
            LogDefect(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kpi}: {Advice}")]
    private partial void LogAdvice(string kpi, string advice);

    [LoggerMessage(Level = LogLevel.Error, Message = "The targets could not be checked.")]
    private partial void LogDefect(Exception exception);
}
