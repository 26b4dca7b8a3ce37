namespace Dashboard.Sandbox.Servers;

/// <summary>
/// A real server on the loopback address, run as a child process: started, asked until it answers, stopped in good order. It can be stopped and
/// resumed on the same port with the same data, to play an outage.
/// </summary>
public abstract class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly bool _temporary;
    private ChildProcess? _process;
    private bool _wanted;

    /// <param name="name">What it is called in messages.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="dataDirectory">Null takes a temporary one, which is deleted with the server.</param>
    protected LocalServer(string name, int port, string? dataDirectory)
    {
        Name = name;
        Port = LoopbackPort.OrFree(port);
        _temporary = dataDirectory is null;
        DataDirectory = dataDirectory is null
            ? Directory.CreateTempSubdirectory($"sandbox-{name}-").FullName
            : Directory.CreateDirectory(Path.GetFullPath(dataDirectory)).FullName;
    }

    /// <summary>Tells that the server ended without having been asked to.</summary>
    public event Action<ServerFailedException>? Failed;

    public string Name { get; }

    public int Port { get; }

    /// <summary>Absolute path; holds its data, its log and its pid file.</summary>
    public string DataDirectory { get; protected set; }

    public string LogFile => Path.Combine(DataDirectory, $"{Name}.log");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The id of the server's process, or null while it is stopped.</summary>
    public int? ProcessId => IsRunning ? _process?.Id : null;

    protected string PidFile => Path.Combine(DataDirectory, $"{Name}.pid");

    /// <summary>Stops the server and keeps its data and its port. Returns when the process is gone.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _wanted = false;
            await EndAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Starts the server, again on the same port. Returns when it answers; does nothing where it runs.</summary>
    /// <exception cref="ServerFailedException">It is not installed, ended by itself or did not answer within a minute.</exception>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!IsRunning)
                await BeginAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _turn.Dispose();
        if (_temporary && Directory.Exists(DataDirectory))
            Directory.Delete(DataDirectory, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected abstract ChildCommand Command { get; }

    /// <summary>Whether the server does its work already; may throw what an unreachable server makes its client throw.</summary>
    protected abstract Task<bool> IsReadyAsync(CancellationToken cancellation);

    /// <summary>Ends what a killed run left behind in the data directory.</summary>
    protected virtual async Task CleanUpAsync(CancellationToken cancellation) =>
        await Leftovers.EndAsync(PidFile, DataDirectory, cancellation);

    /// <summary>Starts a new server and disposes it where that fails.</summary>
    protected static async Task<T> StartedAsync<T>(T server, Func<T, Task>? prepare, CancellationToken cancellation)
        where T : LocalServer
    {
        try
        {
            await server.CleanUpAsync(cancellation);
            if (prepare is not null)
                await prepare(server);
            await server.ResumeAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        await CleanUpAsync(cancellation);
        if (!LoopbackPort.IsFree(Port))
            throw new ServerFailedException(Name, $"port {Port} is in use");
        _wanted = true;
        var process = await ChildProcess.StartAsync(Command);
        _process = process;
        try
        {
            await File.WriteAllTextAsync(PidFile, $"{process.Id}\n", cancellation);
            await AwaitReadyAsync(process, cancellation);
        }
        catch
        {
            _wanted = false;
            await EndAsync();
            throw;
        }

        _ = WatchAsync(process);
    }

    private async Task AwaitReadyAsync(ChildProcess process, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        while (true)
        {
            if (process.HasExited)
                throw Ended(process, await process.Exited);
            try
            {
                if (await IsReadyAsync(limit.Token))
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System, limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new ServerFailedException(Name, $"it did not answer within {Patience.TotalSeconds} seconds", process.LastLogLines());
            }
        }
    }

    private async Task WatchAsync(ChildProcess process)
    {
        var code = await process.Exited;
        if (_wanted && ReferenceEquals(process, _process))
            Failed?.Invoke(Ended(process, code));
    }

    private async Task EndAsync()
    {
        if (_process is not { } process)
            return;
        await process.DisposeAsync();
        _process = null;
        File.Delete(PidFile);
    }

    private ServerFailedException Ended(ChildProcess process, int code) =>
        new(Name, $"it ended with exit code {code}", process.LastLogLines());
}
