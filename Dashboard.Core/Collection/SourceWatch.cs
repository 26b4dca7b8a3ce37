using System.Collections.Immutable;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Collection;

/// <summary>Keeps how one source is doing, from probes of it and from the reads of its KPIs. Not safe for use by several threads at once.</summary>
internal sealed class SourceWatch(SourceKind source, ISourceProbe? probe, IDialectTeller? teller, ImmutableArray<string> kpis)
{
    private SourceState _state = new() { Source = source, Address = probe?.Address ?? "", Kpis = kpis };
    private string? _ownDialect;

    public ISourceProbe? Probe => probe;

    public TimeSpan? ClockSkew => _state.ClockSkew;

    /// <summary>The state now.</summary>
    public SourceState State => _state with { Dialect = Joined(_ownDialect, teller?.Dialect) };

    /// <summary>A read of one of its KPIs ended at <paramref name="at"/>.</summary>
    public void Read(KpiOutcome outcome, DateTimeOffset at) => _state = outcome switch
    {
        KpiOutcome.Measured measured => _state with { Reachable = true, Latency = measured.Reading.Latency, LastSuccessAt = at },
        KpiOutcome.Failed failed => _state with
        {
            // Whoever refuses one query has been reached. What else fails is for the probe to judge, which would otherwise be contradicted every few seconds.
            Reachable = failed.Failure.Kind is FailureKind.Unreachable or FailureKind.TimedOut or FailureKind.Resting ? false : _state.Reachable,
            LastError = Words(failed.Failure),
            LastErrorAt = at,
        },
        _ => _state,
    };

    /// <summary>A probe ended at <paramref name="at"/>.</summary>
    public void Probed(ProbeOutcome outcome, DateTimeOffset at)
    {
        if (outcome.Failure is { } failure)
            _state = _state with { Reachable = false, LastError = Words(failure), LastErrorAt = at };
        if (outcome.Answer is not { } answer)
            return;

        _ownDialect = answer.Value.Dialect;
        _state = _state with
        {
            Reachable = true,
            Latency = answer.Latency,
            Version = answer.Value.Version,
            Degraded = answer.Value.Degraded,
            ClockSkew = Skew(answer.ServerTime, answer.Latency, at),
            LastSuccessAt = at,
        };
    }

    /// <summary>
    /// Server clock − ours. The server's time has a resolution of one second and is cut off, so it is half a second more on average; it was told half way through
    /// the exchange. What cannot be told from that (under a second and a half) is no skew.
    /// </summary>
    private static TimeSpan? Skew(DateTimeOffset? serverTime, TimeSpan latency, DateTimeOffset at)
    {
        if (serverTime is not { } told)
            return null;
        var skew = told + TimeSpan.FromSeconds(0.5) - (at - (latency / 2));
        return skew.Duration() < TimeSpan.FromSeconds(1.5) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Round(skew.TotalSeconds));
    }

    private static string Words(SourceFailure failure) => $"{failure.Message} {failure.Hint}".TrimEnd();

    private static string? Joined(string? first, string? second) => (first, second) switch
    {
        (null or "", _) => second,
        (_, null or "") => first,
        _ => $"{first}; {second}",
    };
}
