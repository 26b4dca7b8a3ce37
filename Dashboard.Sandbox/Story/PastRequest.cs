namespace Dashboard.Sandbox.Story;

/// <summary>One request that the reference service answered before the sandbox was started.</summary>
public sealed record PastRequest
{
    /// <summary>When the service received it.</summary>
    public required DateTimeOffset At { get; init; }

    public required SandboxRoute Route { get; init; }

    /// <summary>The route with its parameters filled in.</summary>
    public required string Path { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>From receiving the request to the last byte of the answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The part of <see cref="Duration"/> that went to the database.</summary>
    public required TimeSpan DatabaseTime { get; init; }

    /// <summary>The part of <see cref="Duration"/> that went to the partner's interface.</summary>
    public required TimeSpan PartnerTime { get; init; }

    /// <summary>What failed: <c>timeout</c> or an exception's type; null where the service did not fail.</summary>
    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public required UInt128 TraceId { get; init; }

    /// <summary>The server span's id.</summary>
    public required ulong SpanId { get; init; }

    /// <summary>The version of the service that answered.</summary>
    public required string Version { get; init; }

    /// <summary>The user whose request it was.</summary>
    public required int User { get; init; }

    public bool TimedOut => ErrorType is RequestHistory.Timeout;

    /// <summary>Lower-case hexadecimal, 32 digits.</summary>
    public string TraceIdHex => TraceId.ToString("x32", null);

    /// <summary>Lower-case hexadecimal, 16 digits.</summary>
    public string SpanIdHex => SpanId.ToString("x16", null);
}
