using Npgsql;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>Creates the reconciliation database, its tables and its roles from <c>deploy/postgres/schema.sql</c>.</summary>
public static class ReconciliationDatabase
{
    public const string Name = "reconciliation";
    public const string AppRole = "reconciliation_app";
    public const string ReaderRole = "dashboard_reader";
    public const string ExporterRole = "exporter";

    /// <summary>Where the schema lies beside the program.</summary>
    public static string SchemaPath => Path.Combine(AppContext.BaseDirectory, "deploy", "postgres", "schema.sql");

    /// <summary>Creates what is missing and sets the roles' passwords. Applying it again changes nothing else.</summary>
    /// <param name="administrator">Connection string of a superuser, to any database of the server.</param>
    /// <param name="passwords">The passwords that the roles shall have from now on.</param>
    /// <param name="database">Name of the database, <see cref="Name"/> unless there are several on one server.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="PostgresException">The user may not create databases or roles.</exception>
    public static async Task ApplyAsync(
        string administrator, ReconciliationPasswords passwords, string database, CancellationToken cancellation)
    {
        await using var server = NpgsqlDataSource.Create(administrator);
        await using var guard = await server.OpenConnectionAsync(cancellation);
        // Roles belong to the whole server: two databases that are set up at once must not race for them. Locks belong to one database,
        // so it is taken in the one that everybody comes through.
        await ExecuteAsync(guard, "select pg_advisory_lock(2000)", cancellation);
        await CreateAsync(guard, database, cancellation);

        var there = new NpgsqlConnectionStringBuilder(administrator) { Database = database, Pooling = false };
        await using (var connection = new NpgsqlConnection(there.ConnectionString))
        {
            await connection.OpenAsync(cancellation);
            await ExecuteAsync(connection, await File.ReadAllTextAsync(SchemaPath, cancellation), cancellation);
            // Utility statements are kept by pg_stat_statements as they stand, and these hold passwords.
            await ExecuteAsync(connection, "set pg_stat_statements.track_utility = off", cancellation);
            await ExecuteAsync(connection, "set log_statement = 'none'", cancellation);
            await SetPasswordAsync(connection, AppRole, passwords.App, cancellation);
            await SetPasswordAsync(connection, ReaderRole, passwords.Reader, cancellation);
            await SetPasswordAsync(connection, ExporterRole, passwords.Exporter, cancellation);
        }

        await ExecuteAsync(guard, "select pg_advisory_unlock(2000)", cancellation);
    }

    private static async Task CreateAsync(NpgsqlConnection connection, string database, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = database });
        if (await exists.ExecuteScalarAsync(cancellation) is true)
            return;
        await ExecuteFormattedAsync(connection, "create database %I", [database], cancellation);
    }

    private static Task SetPasswordAsync(NpgsqlConnection connection, string role, string password, CancellationToken cancellation) =>
        ExecuteFormattedAsync(connection, "alter role %I password %L", [role, password], cancellation);

    /// <summary>Statements that take no parameters are put together by the server, which knows best how to quote.</summary>
    private static async Task ExecuteFormattedAsync(
        NpgsqlConnection connection, string format, string[] values, CancellationToken cancellation)
    {
        await using var formatted = new NpgsqlCommand("select format($1, variadic $2::text[])", connection);
        formatted.Parameters.Add(new NpgsqlParameter { Value = format });
        formatted.Parameters.Add(new NpgsqlParameter { Value = values });
        var statement = (string)(await formatted.ExecuteScalarAsync(cancellation))!;
        await ExecuteAsync(connection, statement, cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
