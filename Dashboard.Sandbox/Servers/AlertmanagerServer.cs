namespace Dashboard.Sandbox.Servers;

/// <param name="ConfigurationFile">Its alertmanager.yml.</param>
/// <param name="DataDirectory">Null takes a temporary one, which is deleted with the server.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record AlertmanagerOptions(string ConfigurationFile, string? DataDirectory = null, int Port = 0);

/// <summary>Alertmanager, alone (no cluster).</summary>
public sealed class AlertmanagerServer : LocalServer
{
    private readonly string _configurationFile;

    private AlertmanagerServer(AlertmanagerOptions options)
        : base("alertmanager", options.Port, options.DataDirectory) =>
        _configurationFile = options.ConfigurationFile;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = InstalledProgram.Find("prometheus-alertmanager", "alertmanager") ?? "prometheus-alertmanager",
        Arguments =
        [
            $"--config.file={_configurationFile}",
            $"--storage.path={Path.Combine(DataDirectory, "data")}",
            $"--web.listen-address=127.0.0.1:{Port}",
            "--cluster.listen-address=",
        ],
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
    };

    /// <exception cref="ServerFailedException">It is not installed, its configuration is wrong, or it ended by itself.</exception>
    public static Task<AlertmanagerServer> StartAsync(AlertmanagerOptions options, CancellationToken cancellation) =>
        StartedAsync(new AlertmanagerServer(options), prepare: null, cancellation);

    protected override Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        HttpQuestion.SucceedsAsync(new Uri(Address, "/-/ready"), cancellation);
}
