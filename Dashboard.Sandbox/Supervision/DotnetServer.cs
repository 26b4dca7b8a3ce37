using Dashboard.Sandbox.Servers;

namespace Dashboard.Sandbox.Supervision;

/// <param name="Name">What it is called in messages and on the sandbox's page.</param>
/// <param name="Assembly">Path of its .dll.</param>
/// <param name="Arguments">What it is started with.</param>
/// <param name="Port">Loopback port it listens on, as its settings tell it.</param>
/// <param name="DataDirectory">For its log, and its working directory.</param>
public sealed record DotnetServerOptions(string Name, string Assembly, IReadOnlyList<string> Arguments, int Port, string DataDirectory)
{
    /// <summary>Its settings.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Leaves its output on the terminal.</summary>
    public bool Speaks { get; init; }
}

/// <summary>A .NET web application of this product in a process of its own, alive when <c>/healthz</c> answers.</summary>
public sealed class DotnetServer : LocalServer
{
    private readonly DotnetServerOptions _options;

    private DotnetServer(DotnetServerOptions options)
        : base(options.Name, options.Port, options.DataDirectory) =>
        _options = options;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = Host(),
        Arguments = [_options.Assembly, .. _options.Arguments],
        Environment = _options.Environment,
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
        Speaks = _options.Speaks,
    };

    /// <exception cref="ServerFailedException">It ended by itself or did not answer.</exception>
    public static Task<DotnetServer> StartAsync(DotnetServerOptions options, CancellationToken cancellation) =>
        StartedAsync(new DotnetServer(options), prepare: null, cancellation);

    protected override Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        HttpQuestion.SucceedsAsync(new Uri(Address, "/healthz"), cancellation);

    // The host that runs this process, if one does, so that both are of one version.
    private static string Host() => Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet";
}
