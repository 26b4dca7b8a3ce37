namespace Dashboard.Sandbox.Servers;

/// <param name="DataDirectory">Null takes a temporary one, which is deleted with the server.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="ConfigurationFile">Its prometheus.yml; null scrapes nothing.</param>
/// <param name="History">OpenMetrics files to fill an empty database with before the start.</param>
public sealed record PrometheusOptions(
    string? DataDirectory = null, int Port = 0, string? ConfigurationFile = null, IReadOnlyList<string>? History = null);

/// <summary>Prometheus, keeping 30 days and exemplars.</summary>
public sealed class PrometheusServer : LocalServer
{
    private readonly string? _configurationFile;

    private PrometheusServer(PrometheusOptions options)
        : base("prometheus", options.Port, options.DataDirectory) =>
        _configurationFile = options.ConfigurationFile;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Where its blocks lie.</summary>
    public string Database => Path.Combine(DataDirectory, "data");

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = "prometheus",
        Arguments =
        [
            $"--config.file={_configurationFile ?? EmptyConfiguration}",
            $"--storage.tsdb.path={Database}",
            "--storage.tsdb.retention.time=30d",
            $"--web.listen-address=127.0.0.1:{Port}",
            "--enable-feature=exemplar-storage",
        ],
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
    };

    private string EmptyConfiguration => Path.Combine(DataDirectory, "empty.yml");

    /// <exception cref="ServerFailedException">It is not installed, its configuration is wrong, or it ended by itself.</exception>
    public static Task<PrometheusServer> StartAsync(PrometheusOptions options, CancellationToken cancellation) =>
        StartedAsync(new PrometheusServer(options), server => server.PrepareAsync(options.History ?? [], cancellation), cancellation);

    protected override Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        HttpQuestion.SucceedsAsync(new Uri(Address, "/-/ready"), cancellation);

    private async Task PrepareAsync(IReadOnlyList<string> history, CancellationToken cancellation)
    {
        if (_configurationFile is null)
            await File.WriteAllTextAsync(EmptyConfiguration, "global: {}\n", cancellation);
        foreach (var file in history)
            await ShortCommand.RunAsync("promtool", ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=168h", file, Database], cancellation);
    }
}
