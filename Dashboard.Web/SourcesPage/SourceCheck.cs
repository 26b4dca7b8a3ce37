using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Web.SourcesPage;

/// <summary>What came of asking a source who it is.</summary>
/// <param name="At">When it answered, or was given up.</param>
/// <param name="Took">How long that took.</param>
/// <param name="Identity">Null where it failed.</param>
/// <param name="Failure">Null where it answered.</param>
public sealed record SourceCheck(SourceKind Source, DateTimeOffset At, TimeSpan Took, SourceIdentity? Identity, SourceFailure? Failure);
