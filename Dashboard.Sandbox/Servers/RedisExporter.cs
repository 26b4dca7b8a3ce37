namespace Dashboard.Sandbox.Servers;

/// <param name="RedisPort">Port of the Redis it watches.</param>
/// <param name="DataDirectory">Null takes a temporary one, which is deleted with the server.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record RedisExporterOptions(int RedisPort, string? DataDirectory = null, int Port = 0);

/// <summary>Prometheus's exporter for Redis. It also answers while Redis is down, with <c>redis_up 0</c>.</summary>
public sealed class RedisExporter : LocalServer
{
    private readonly int _redisPort;

    private RedisExporter(RedisExporterOptions options)
        : base("redis-exporter", options.Port, options.DataDirectory) =>
        _redisPort = options.RedisPort;

    /// <summary>Where Prometheus scrapes it.</summary>
    public Uri Metrics => new($"http://127.0.0.1:{Port}/metrics");

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = InstalledProgram.Find("prometheus-redis-exporter", "redis_exporter") ?? "prometheus-redis-exporter",
        Arguments = ["-redis.addr", $"redis://127.0.0.1:{_redisPort}", "-web.listen-address", $"127.0.0.1:{Port}"],
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
    };

    /// <exception cref="ServerFailedException">It is not installed or ended by itself.</exception>
    public static Task<RedisExporter> StartAsync(RedisExporterOptions options, CancellationToken cancellation) =>
        StartedAsync(new RedisExporter(options), prepare: null, cancellation);

    protected override Task<bool> IsReadyAsync(CancellationToken cancellation) => HttpQuestion.SucceedsAsync(Metrics, cancellation);
}
