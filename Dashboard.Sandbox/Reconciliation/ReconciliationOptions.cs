namespace Dashboard.Sandbox.Reconciliation;

/// <summary>
/// Settings of the reference service, from arguments (<c>--port 2000</c>) or environment variables (<c>RECONCILIATION_PORT</c>).
/// Traces go where the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, nowhere without it.
/// </summary>
public sealed record ReconciliationOptions
{
    public const string EnvironmentPrefix = "RECONCILIATION_";

    /// <summary>Loopback port of the service; 0 takes a free one.</summary>
    public int Port { get; init; } = 2000;

    /// <summary>Connection string of the role <c>reconciliation_app</c>. Better in the environment than among the arguments.</summary>
    public required string Database { get; init; }

    /// <summary>Address of the cache, <c>host:port</c>; null works without one.</summary>
    public string? Redis { get; init; }

    /// <summary>Base address of the partner's interface.</summary>
    public required Uri Partner { get; init; }

    /// <summary>Base address of Elasticsearch, where logs go by its bulk interface; null keeps none.</summary>
    public Uri? Elasticsearch { get; init; }

    /// <exception cref="FormatException">A setting is missing or unusable; the message names it and what was expected.</exception>
    public static ReconciliationOptions Read(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables(EnvironmentPrefix).AddCommandLine(args).Build();
        return new ReconciliationOptions
        {
            Port = settings["port"] is not { } port ? 2000
                : int.TryParse(port, out var number) && number is >= 0 and <= 65535 ? number
                : throw new FormatException($"port: expected a number from 0 to 65535, not '{port}'."),
            Database = settings["database"] is { Length: > 0 } database ? database
                : throw new FormatException($"database: expected a connection string (or {EnvironmentPrefix}DATABASE)."),
            Redis = settings["redis"],
            Partner = Address(settings, "partner") ?? throw new FormatException("partner: expected an http address."),
            Elasticsearch = Address(settings, "elasticsearch"),
        };
    }

    private static Uri? Address(IConfigurationRoot settings, string name) =>
        settings[name] is not { Length: > 0 } value ? null
            : Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
            : throw new FormatException($"{name}: expected an http address, not '{value}'.");
}
