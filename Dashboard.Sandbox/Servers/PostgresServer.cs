using Npgsql;

namespace Dashboard.Sandbox.Servers;

/// <param name="DataDirectory">Null takes a temporary one, which is deleted with the server.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record PostgresOptions(string? DataDirectory = null, int Port = 0);

/// <summary>
/// PostgreSQL with password logins only, pg_stat_statements loaded, and no care for power failures: the data can be made again.
/// Run as root it runs under the account "postgres", since it refuses root.
/// </summary>
public sealed class PostgresServer : LocalServer
{
    public const string Superuser = "postgres";

    // It is also the name of the system account that Debian's package makes.
    private const string Account = "postgres";

    private PostgresServer(PostgresOptions options)
        : base("postgres", options.Port, options.DataDirectory)
    {
    }

    /// <summary>The superuser's random password; kept in the data directory, readable by its owner only.</summary>
    public string Password { get; private set; } = "";

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = Required("postgres"),
        Arguments =
        [
            "-D", Cluster, "-p", $"{Port}",
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", "shared_preload_libraries=pg_stat_statements",
            "-c", "max_connections=100",
            "-c", "shared_buffers=64MB",
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
            "-c", "log_timezone=UTC", "-c", "timezone=UTC",
        ],
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
        User = Account,

        // PostgreSQL's "fast" shutdown: it ends the sessions instead of waiting for them.
        StopSignal = Signal.Interrupt,
    };

    private string Cluster => Path.Combine(DataDirectory, "data");

    private string PasswordFile => Path.Combine(DataDirectory, "superuser.password");

    /// <summary>Starts a server; makes the database cluster where the data directory has none.</summary>
    /// <exception cref="ServerFailedException">It is not installed, could not be initialised, or ended by itself.</exception>
    public static Task<PostgresServer> StartAsync(PostgresOptions options, CancellationToken cancellation) =>
        StartedAsync(new PostgresServer(options), server => server.PrepareAsync(cancellation), cancellation);

    /// <summary>For the superuser, with the password: not for logs.</summary>
    public string ConnectionString(string database = "postgres") => ConnectionString(Superuser, Password, database);

    /// <summary>For another role, with its password: not for logs.</summary>
    public string ConnectionString(string role, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = role, Password = password, Database = database, IncludeErrorDetail = false,
    }.ConnectionString;

    protected override async Task CleanUpAsync(CancellationToken cancellation)
    {
        await base.CleanUpAsync(cancellation);
        await Leftovers.EndAsync(Path.Combine(Cluster, "postmaster.pid"), DataDirectory, cancellation);
    }

    protected override async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false;Timeout=2");
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("select 1", connection);
            return await command.ExecuteScalarAsync(cancellation) is 1;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new ServerFailedException(
                Name, $"another server's data lies in {DataDirectory}, or its superuser.password was changed; delete the directory", "", refused);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private static string Required(string program) =>
        InstalledProgram.FindPostgres(program) ?? throw new ServerFailedException("postgres", $"the program {program} is not installed");

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        if (Environment.IsPrivilegedProcess)
            await GiveToAccountAsync(cancellation);
        Password = await SecretFile.ReadOrCreateAsync(PasswordFile, cancellation);
        if (File.Exists(Path.Combine(Cluster, "PG_VERSION")) && File.Exists(Path.Combine(Cluster, "initialised")))
            return;

        // What an interrupted initialisation left.
        if (Directory.Exists(Cluster))
            Directory.Delete(Cluster, recursive: true);
        if (Environment.IsPrivilegedProcess)
            await ShortCommand.RunAsync("chown", [Account, PasswordFile], cancellation);
        string[] initialise =
        [
            Required("initdb"), "-D", Cluster, "-U", Superuser, $"--pwfile={PasswordFile}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        ];
        await RunAsAccountAsync(initialise, cancellation);
        await File.WriteAllTextAsync(Path.Combine(Cluster, "initialised"), "", cancellation);
    }

    /// <summary>
    /// Makes the data directory the account's. Where the account cannot reach it (a checkout below /root), the data stands in a directory of
    /// the account's own and the given one is a link to it.
    /// </summary>
    private async Task GiveToAccountAsync(CancellationToken cancellation)
    {
        await ShortCommand.RunAsync("chown", [$"{Account}:", DataDirectory], cancellation);
        if (new DirectoryInfo(DataDirectory).ResolveLinkTarget(returnFinalTarget: true) is null
            && !await CanReachAsync(DataDirectory, cancellation))
        {
            var elsewhere = Directory.CreateDirectory($"/var/tmp/sandbox-{Name}-{Guid.NewGuid():N}").FullName;
            Directory.Delete(DataDirectory);
            Directory.CreateSymbolicLink(DataDirectory, elsewhere);
        }

        if (new DirectoryInfo(DataDirectory).ResolveLinkTarget(returnFinalTarget: true) is { } target)
        {
            DataDirectory = target.FullName;
            await ShortCommand.RunAsync("chown", [$"{Account}:", DataDirectory], cancellation);
        }

        File.SetUnixFileMode(DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<bool> CanReachAsync(string directory, CancellationToken cancellation)
    {
        var (program, arguments) = AsAccount(["test", "-x", directory]);
        return (await ShortCommand.TryAsync(program, arguments, cancellation)).Code == 0;
    }

    private static async Task RunAsAccountAsync(string[] command, CancellationToken cancellation)
    {
        var (program, arguments) = Environment.IsPrivilegedProcess ? AsAccount(command) : (command[0], command[1..]);
        await ShortCommand.RunAsync(program, arguments, cancellation);
    }

    private static (string Program, string[] Arguments) AsAccount(string[] command) =>
        InstalledProgram.Find("setpriv") is { } setpriv
            ? (setpriv, [$"--reuid={Account}", $"--regid={Account}", "--init-groups", .. command])
            : ("runuser", ["-u", Account, "--", .. command]);
}
