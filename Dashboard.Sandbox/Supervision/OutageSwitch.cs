using Dashboard.Sandbox.Servers;

namespace Dashboard.Sandbox.Supervision;

/// <summary>One server that a person may stop and start again.</summary>
public sealed class OutageSwitch(string name, string description, Func<bool> running, Func<CancellationToken, Task> stop, Func<CancellationToken, Task> start)
{
    public string Name => name;

    public string Description => description;

    public bool Running => running();

    public Task StopAsync(CancellationToken cancellation) => stop(cancellation);

    public Task StartAsync(CancellationToken cancellation) => start(cancellation);

    public static OutageSwitch Of(LocalServer server, string description) =>
        new(server.Name, description, () => server.IsRunning, server.StopAsync, server.ResumeAsync);
}
