using Dashboard.Sandbox.Servers;
using Npgsql;

namespace Dashboard.Tests.Sandbox.Servers;

public sealed class PostgresServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_keeps_its_rows_its_port_and_its_password_through_a_restart()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation);
        var before = (server.Port, server.Password);
        await ExecuteAsync(server, "create table kept (n int); insert into kept values (42)");

        await server.StopAsync(Cancellation);
        Assert.False(server.IsRunning);
        NpgsqlConnection.ClearAllPools();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(server, "select 1"));

        await server.ResumeAsync(Cancellation);
        Assert.Equal(42, await ExecuteAsync(server, "select n from kept"));
        Assert.Equal(before, (server.Port, server.Password));
    }

    [Fact]
    public async Task It_lets_nobody_in_without_the_password()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation);
        await using var intruder = new NpgsqlConnection(server.ConnectionString(PostgresServer.Superuser, "guess", "postgres") + ";Pooling=false");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => intruder.OpenAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        var mode = File.GetUnixFileMode(Path.Combine(server.DataDirectory, "superuser.password"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public async Task Its_data_outlives_the_server_where_a_directory_is_given_and_not_otherwise()
    {
        var directory = Directory.CreateTempSubdirectory("sandbox-test-").FullName;
        string temporary;
        await using (var server = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation))
            temporary = server.DataDirectory;
        Assert.False(Directory.Exists(temporary));

        await using (var server = await PostgresServer.StartAsync(new PostgresOptions(directory), Cancellation))
            await ExecuteAsync(server, "create table kept (n int)");
        await using (var server = await PostgresServer.StartAsync(new PostgresOptions(directory), Cancellation))
        {
            Assert.Equal(0L, await ExecuteAsync(server, "select count(*) from kept"));
            Assert.NotEqual(0L, await ExecuteAsync(server, "create extension pg_stat_statements; select count(*) from pg_stat_statements"));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_directory_that_its_account_cannot_enter_is_no_obstacle()
    {
        // Temporary directories are closed to others, so what lies below one is out of the account's reach.
        var closed = Directory.CreateTempSubdirectory("sandbox-test-").FullName;
        var directory = Path.Combine(closed, "postgres");
        string elsewhere;
        await using (var server = await PostgresServer.StartAsync(new PostgresOptions(directory), Cancellation))
        {
            await ExecuteAsync(server, "create table kept (n int)");
            elsewhere = server.DataDirectory;
        }

        await using (var server = await PostgresServer.StartAsync(new PostgresOptions(directory), Cancellation))
            Assert.Equal(0L, await ExecuteAsync(server, "select count(*) from kept"));
        Directory.Delete(elsewhere, recursive: true);
        Directory.Delete(closed, recursive: true);
    }

    private static async Task<object?> ExecuteAsync(PostgresServer server, string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
