namespace Dashboard.Sandbox.Servers;

/// <summary>How a process is started and asked to end.</summary>
public sealed record ChildCommand
{
    /// <summary>What it is called in messages ("postgres").</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path, or a name to look for on PATH.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to the environment of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it runs; a process left over by a killed run is known by it.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Gets its output and its errors.</summary>
    public required string LogFile { get; init; }

    /// <summary>Leaves its output on the terminal; the log gets its errors only.</summary>
    public bool Speaks { get; init; }

    /// <summary>Account to run under when this process is root; null keeps the account.</summary>
    public string? User { get; init; }

    /// <summary>Asks it to end in good order.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>How long it may take to end before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(8);
}

/// <summary>Signals by their POSIX numbers.</summary>
public enum Signal
{
    /// <summary>Only asks whether the process is there.</summary>
    None = 0,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
