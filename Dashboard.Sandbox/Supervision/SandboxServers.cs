using Dashboard.Sandbox.Control;

namespace Dashboard.Sandbox.Supervision;

/// <summary>The sandbox's servers for its control page.</summary>
public sealed class SandboxServers(IReadOnlyList<OutageSwitch> servers) : ISandboxServers
{
    public IReadOnlyList<SandboxServer> All => [.. servers.Select(s => new SandboxServer(s.Name, s.Description, s.Running))];

    public Task StopAsync(string name, CancellationToken cancellation) => Find(name).StopAsync(cancellation);

    public Task StartAsync(string name, CancellationToken cancellation) => Find(name).StartAsync(cancellation);

    private OutageSwitch Find(string name) =>
        servers.FirstOrDefault(s => s.Name == name) ?? throw new KeyNotFoundException($"The sandbox has no server {name}.");
}
