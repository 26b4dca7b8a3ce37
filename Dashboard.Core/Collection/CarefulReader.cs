using System.Collections.Concurrent;
using System.Diagnostics;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Collection;

/// <summary>Reads a KPI or probes a source so that something always comes of it, in bounded time: an answer or a failure, whatever goes wrong.</summary>
internal sealed partial class CarefulReader(
    IKpiReader reader, CollectionMetrics metrics, TimeSpan timeout, TimeProvider clock, ILogger<CarefulReader> log)
{
    // Each defect is logged once: the same exception every five seconds would bury everything else.
    private readonly ConcurrentDictionary<(SourceKind, string, string, string), bool> _defects = new();

    /// <summary>Measures a KPI. Throws only where <paramref name="cancellation"/> is cancelled.</summary>
    public async Task<KpiOutcome> ReadAsync(KpiDefinition kpi, CancellationToken cancellation)
    {
        using var activity = CollectionMetrics.Activities.StartActivity("read kpi");
        activity?.SetTag("kpi", kpi.Id).SetTag("source", kpi.Query.Source.ToWire());
        var outcome = await BoundedAsync(
            kpi.Query.Source, "kpi", kpi.Id, token => reader.ReadAsync(kpi, token), failure => new KpiOutcome.Failed(failure), result => result is KpiOutcome.Measured, cancellation);
        if (outcome is KpiOutcome.Failed failed)
            activity?.SetStatus(ActivityStatusCode.Error, failed.Failure.Message);
        return outcome;
    }

    /// <summary>Probes a source. Throws only where <paramref name="cancellation"/> is cancelled.</summary>
    public Task<ProbeOutcome> ProbeAsync(ISourceProbe probe, CancellationToken cancellation) => BoundedAsync(
        probe.Source,
        "probe",
        "",
        async token => new ProbeOutcome(await probe.ProbeAsync(token), null),
        failure => new ProbeOutcome(null, failure),
        outcome => outcome.Answer is not null,
        cancellation);

    private async Task<T> BoundedAsync<T>(
        SourceKind source,
        string what,
        string name,
        Func<CancellationToken, Task<T>> ask,
        Func<SourceFailure, T> failed,
        Func<T, bool> succeeded,
        CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var started = clock.GetTimestamp();
        T result;
        try
        {
            result = await ask(both.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            result = failed(new SourceFailure(
                source, FailureKind.TimedOut, $"{source.Title()} did not answer within {Age.Words(timeout)}.", "Check that it is not overloaded."));
        }
        catch (SourceException exception)
        {
            result = failed(exception.Failure);
        }
        catch (Exception exception)
        {
            if (_defects.TryAdd((source, what, name, exception.Message), true))
                LogDefect(exception, what, name, source.Title());
            result = failed(new SourceFailure(
                source, FailureKind.Failed, $"What {source.Title()} answered could not be worked with ({exception.GetType().Name}).", "The log has the details."));
        }

        metrics.Asked(source, what, succeeded(result), clock.GetElapsedTime(started));
        return result;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {What} {Name} at {Source} failed unexpectedly.")]
    private partial void LogDefect(Exception exception, string what, string name, string source);
}

/// <summary>What came of a probe: an answer or a failure.</summary>
internal sealed record ProbeOutcome(SourceAnswer<SourceIdentity>? Answer, SourceFailure? Failure);
