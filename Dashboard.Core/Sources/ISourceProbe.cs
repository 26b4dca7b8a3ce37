using System.Collections.Immutable;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.Sources;

/// <summary>Finds out whether a source answers, and which kind and version it is.</summary>
public interface ISourceProbe
{
    SourceKind Source { get; }

    /// <summary>Address without credentials.</summary>
    string Address { get; }

    /// <exception cref="SourceException">It does not answer, or not as its interface promises.</exception>
    Task<SourceAnswer<SourceIdentity>> ProbeAsync(CancellationToken cancellation);
}

/// <summary>What a source says it is.</summary>
/// <param name="Version">Its own version, null where not told.</param>
/// <param name="Dialect">How it has to be spoken to, in words; null where there is only one way.</param>
/// <param name="Degraded">What does not work with it, each a sentence.</param>
public sealed record SourceIdentity(string? Version, string? Dialect, ImmutableArray<string> Degraded);
