using Dashboard.Core.Kpis;

namespace Dashboard.Core.Sources;

/// <summary>The ways in which a source fails.</summary>
public enum FailureKind
{
    /// <summary>No connection: refused, unknown host, network down.</summary>
    Unreachable,

    /// <summary>No answer, or no whole answer, within the time limit.</summary>
    TimedOut,

    /// <summary>401 or 403, or a wrong database password.</summary>
    Unauthorized,

    /// <summary>It refused the query (4xx with a reason).</summary>
    Refused,

    /// <summary>It failed on its own side (5xx).</summary>
    Failed,

    /// <summary>It answered with something else than its interface promises: an HTML page, cut-off or malformed JSON, the wrong shape.</summary>
    NotUnderstood,

    /// <summary>The answer was larger than the limit and was not read.</summary>
    TooLarge,

    /// <summary>Not asked: it failed so often just now that it is given a rest (circuit breaker, rate limit).</summary>
    Resting,
}

/// <summary>A failure as a value: what happened, and what to do about it.</summary>
/// <param name="Source">Who failed.</param>
/// <param name="Kind">How.</param>
/// <param name="Message">One sentence for a person, without secrets: "Prometheus refused the connection at http://127.0.0.1:9090."</param>
/// <param name="Hint">What to do: "Check that it runs and that Sources:Prometheus:Url is right."</param>
public sealed record SourceFailure(SourceKind Source, FailureKind Kind, string Message, string Hint);

/// <summary>Thrown by the clients of the sources, and by nothing else.</summary>
public sealed class SourceException(SourceFailure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public SourceFailure Failure { get; } = failure;
}
