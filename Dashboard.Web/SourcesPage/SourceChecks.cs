using System.Collections.Frozen;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Web.SourcesPage;

/// <summary>
/// Asks every source who it is, when a person wants to know now. Whoever asks while others do, or shortly after, gets their answers: however many people
/// press the button, a source is asked once in five seconds.
/// </summary>
public sealed class SourceChecks(IEnumerable<ISourceProbe> probes, TimeProvider clock, ILogger<SourceChecks> log)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>A probe has a time limit of its own, which is shorter; this is for one that fails to keep it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Action<ILogger, SourceKind, Exception?> LogDefect =
        LoggerMessage.Define<SourceKind>(LogLevel.Error, new EventId(1, "ProbeDefect"), "The probe of {Source} failed in a way that is no answer.");

    private readonly Lock _lock = new();
    private FrozenDictionary<SourceKind, Task<SourceCheck>> _run = FrozenDictionary<SourceKind, Task<SourceCheck>>.Empty;
    private DateTimeOffset _startedAt = DateTimeOffset.MinValue;

    /// <summary>The check that runs, or ran just now, or a new one. Each task ends when its source has answered or failed; none throws.</summary>
    public FrozenDictionary<SourceKind, Task<SourceCheck>> Start()
    {
        lock (_lock)
        {
            if (clock.GetUtcNow() - _startedAt >= Pause && _run.Values.All(t => t.IsCompleted))
            {
                _startedAt = clock.GetUtcNow();
                _run = probes.ToFrozenDictionary(p => p.Source, CheckAsync);
            }

            return _run;
        }
    }

    private async Task<SourceCheck> CheckAsync(ISourceProbe probe)
    {
        var started = clock.GetTimestamp();
        SourceCheck Ended(SourceIdentity? identity, SourceFailure? failure) =>
            new(probe.Source, clock.GetUtcNow(), clock.GetElapsedTime(started), identity, failure);

        using var patience = new CancellationTokenSource(Patience, clock);
        await Task.Yield();
        try
        {
            return Ended((await probe.ProbeAsync(patience.Token)).Value, null);
        }
        catch (SourceException failed)
        {
            return Ended(null, failed.Failure);
        }
        catch (OperationCanceledException)
        {
            return Ended(null, Unanswered(probe, FailureKind.TimedOut, $"{probe.Source.Title()} did not answer within {Patience.TotalSeconds:0} s."));
        }
        catch (Exception defect)
        {
            LogDefect(log, probe.Source, defect);
            return Ended(null, Unanswered(probe, FailureKind.NotUnderstood, $"{probe.Source.Title()} could not be asked."));
        }
    }

    private static SourceFailure Unanswered(ISourceProbe probe, FailureKind kind, string message) =>
        new(probe.Source, kind, message, $"See the dashboard's log, and check Sources:{probe.Source}.");
}
