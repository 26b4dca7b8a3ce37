namespace Dashboard.Sandbox.Supervision;

/// <summary>A server inside this process that can be stopped, and started again on the same port with the same past.</summary>
public sealed class EmbeddedServer<T>(Func<CancellationToken, Task<T>> start) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private T? _server;

    public bool IsRunning => _server is not null;

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _server ??= await start(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_server is { } server)
                await server.DisposeAsync();
            _server = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public OutageSwitch Switch(string name, string description) => new(name, description, () => IsRunning, StopAsync, StartAsync);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _turn.Dispose();
    }
}
