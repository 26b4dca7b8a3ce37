namespace Dashboard.Sandbox.Control;

/// <summary>One server of the sandbox, as the control page shows it.</summary>
/// <param name="Name">Short name in an address, such as <c>prometheus</c>.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Running">Whether it runs now.</param>
public sealed record SandboxServer(string Name, string Description, bool Running);

/// <summary>The servers that a person may stop and start, to see what the dashboard says then.</summary>
public interface ISandboxServers
{
    IReadOnlyList<SandboxServer> All { get; }

    /// <exception cref="KeyNotFoundException">There is no such server.</exception>
    Task StopAsync(string name, CancellationToken cancellation);

    /// <exception cref="KeyNotFoundException">There is no such server.</exception>
    Task StartAsync(string name, CancellationToken cancellation);
}
