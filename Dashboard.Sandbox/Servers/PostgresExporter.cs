using Npgsql;

namespace Dashboard.Sandbox.Servers;

/// <param name="Postgres">The server it watches.</param>
/// <param name="QueriesFile">Queries beyond the exporter's own (its --extend.query-path), or null.</param>
/// <param name="DataDirectory">Null takes a temporary one, which is deleted with the server.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record PostgresExporterOptions(
    PostgresServer Postgres, string? QueriesFile = null, string? DataDirectory = null, int Port = 0);

/// <summary>
/// Prometheus's exporter for PostgreSQL, logged in as the role "exporter", which may read statistics and nothing else.
/// It also answers while PostgreSQL is down, with <c>pg_up 0</c>.
/// </summary>
public sealed class PostgresExporter : LocalServer
{
    public const string Role = "exporter";

    /// <summary>Name of the file, in its data directory, that holds the role's password.</summary>
    public const string PasswordFileName = "exporter.password";

    private readonly PostgresExporterOptions _options;

    private PostgresExporter(PostgresExporterOptions options)
        : base("postgres-exporter", options.Port, options.DataDirectory) =>
        _options = options;

    /// <summary>Where Prometheus scrapes it.</summary>
    public Uri Metrics => new($"http://127.0.0.1:{Port}/metrics");

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = InstalledProgram.Find("prometheus-postgres-exporter", "postgres_exporter") ?? "prometheus-postgres-exporter",
        Arguments =
        [
            $"--web.listen-address=127.0.0.1:{Port}", "--log.level=warn",
            .. _options.QueriesFile is { } queries ? new[] { $"--extend.query-path={queries}" } : [],
        ],
        Environment = new Dictionary<string, string>
        {
            ["DATA_SOURCE_URI"] = $"127.0.0.1:{_options.Postgres.Port}/postgres?sslmode=disable",
            ["DATA_SOURCE_USER"] = Role,
            ["DATA_SOURCE_PASS_FILE"] = PasswordFile,
        },
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
    };

    private string PasswordFile => Path.Combine(DataDirectory, PasswordFileName);

    /// <exception cref="ServerFailedException">It is not installed or ended by itself.</exception>
    public static Task<PostgresExporter> StartAsync(PostgresExporterOptions options, CancellationToken cancellation) =>
        StartedAsync(new PostgresExporter(options), exporter => exporter.PrepareAsync(cancellation), cancellation);

    protected override Task<bool> IsReadyAsync(CancellationToken cancellation) => HttpQuestion.SucceedsAsync(Metrics, cancellation);

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        var password = await SecretFile.ReadOrCreateAsync(PasswordFile, cancellation);
        await using var database = NpgsqlDataSource.Create(_options.Postgres.ConnectionString());

        // Role statements take no parameters: format() quotes the password.
        const string makeRole = """
            select format(
                case when exists (select from pg_roles where rolname = 'exporter')
                     then 'alter role exporter login password %L' else 'create role exporter login password %L in role pg_monitor' end, @password)
            """;
        await using var statement = database.CreateCommand(makeRole);
        statement.Parameters.AddWithValue("password", password);
        var role = (string?)await statement.ExecuteScalarAsync(cancellation);
        await using var change = database.CreateCommand($"{role}; create extension if not exists pg_stat_statements");
        await change.ExecuteNonQueryAsync(cancellation);
    }
}
