using Dashboard.Core.Kpis;

namespace Dashboard.Core.Collection;

/// <summary>Tells what was found out, beyond what a source says of itself, about how to speak to it: which names its metrics have.</summary>
public interface IDialectTeller
{
    SourceKind Source { get; }

    /// <summary>In words; null where nothing was found out yet.</summary>
    string? Dialect { get; }
}
