using System.Collections.Immutable;

namespace Dashboard.Core.Kpis;

/// <summary>Finds targets that cannot be judged well with the data there is.</summary>
public interface ITargetChecker
{
    /// <summary>
    /// What is to be said of each KPI, by id, each a sentence that says what to do. A KPI without an entry has nothing wrong with it, or its source did not answer:
    /// that is told by its reading. Throws only where it is cancelled.
    /// </summary>
    Task<ImmutableDictionary<string, ImmutableArray<string>>> CheckAsync(CancellationToken cancellation);
}
