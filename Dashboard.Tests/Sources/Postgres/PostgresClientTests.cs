using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Sandbox.Servers;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Dashboard.Tests.Sources.Postgres;

/// <summary>Against a real server.</summary>
public sealed class PostgresClientTests(PostgresClientTests.Database database) : IClassFixture<PostgresClientTests.Database>
{
    private const string ReaderPassword = "reader-of-the-ledger";

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Range = TimeRange.Before(Noon, TimeSpan.FromHours(24));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_measured_over_the_range_it_is_given()
    {
        await using var sources = Compose();

        var answer = await MeasureAsync(sources,
            """
            SELECT 100.0 * count(*) FILTER (WHERE good) / nullif(count(*), 0) AS value, count(*) AS samples, min(at) AS since, max(at) AS newest
            FROM rows WHERE at >= @from AND at < @to
            """);

        Assert.Equal(75, answer.Value.Value!.Value, 6);
        Assert.Equal((4, Noon.AddHours(-24), Noon.AddHours(-1)), (answer.Value.Samples, answer.Value.Since!.Value, answer.Value.Newest!.Value));
        Assert.InRange(answer.ServerTime!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Theory]
    [InlineData("null::float8")]
    [InlineData("null::numeric")]
    public async Task No_value_is_an_answer(string value)
    {
        await using var sources = Compose();

        Assert.Equal(new BusinessValue(null, 0, null, null), (await MeasureAsync(sources, Row(value, "0", "null", "null"))).Value);
    }

    [Fact]
    public async Task No_row_is_an_answer()
    {
        await using var sources = Compose();

        Assert.Equal(new BusinessValue(null, null, null, null), (await MeasureAsync(sources, Row("1") + " WHERE false")).Value);
    }

    [Theory]
    [InlineData("4.75::numeric", 4.75)]
    [InlineData("4.75::real", 4.75)]
    [InlineData("5::int", 5)]
    [InlineData("5::smallint", 5)]
    [InlineData("5::bigint", 5)]
    [InlineData("5::bigint", 5, "; \n")]
    public async Task Any_number_will_do(string value, double expected, string end = "")
    {
        await using var sources = Compose();

        Assert.Equal(expected, (await MeasureAsync(sources, Row(value) + end)).Value.Value);
    }

    [Theory]
    [InlineData("'NaN'::float8 AS value, 1::bigint AS samples, now() AS since, now() AS newest", "The column value is NaN, which is no value.")]
    [InlineData("'Infinity'::float8 AS value, 1::bigint AS samples, now() AS since, now() AS newest", "The column value is infinite, which is no value.")]
    [InlineData("'NaN'::numeric AS value, 1::bigint AS samples, now() AS since, now() AS newest", "The column value is ")]
    [InlineData("'good' AS value, 1::bigint AS samples, now() AS since, now() AS newest", "The column value is text where a number is expected.")]
    [InlineData("1 AS value, 'x' AS samples, now() AS since, now() AS newest", "The column samples is text where a whole number is expected.")]
    [InlineData("1 AS value, -1 AS samples, now() AS since, now() AS newest", "The column samples is negative.")]
    [InlineData("1 AS value, 1 AS samples, now() AS since, now()::timestamp AS newest", "The column newest is timestamp without time zone where a timestamptz is expected.")]
    [InlineData("1 AS value, 1 AS samples, 'infinity'::timestamptz AS since, now() AS newest", "The column since is timestamp with time zone where a timestamptz is expected.")]
    [InlineData("1 AS value, 1 AS samples, now() AS since", "The statement's result has no column newest.")]
    public async Task A_column_that_is_not_as_expected_is_named(string columns, string message)
    {
        await using var sources = Compose();

        var failure = await FailureAsync(sources, "SELECT " + columns);

        Assert.Equal(FailureKind.NotUnderstood, failure.Kind);
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1 AS value, 1 AS samples, now() AS since, now() AS newest FROM generate_series(1, 2)", FailureKind.Refused, "two results where one is expected")]
    [InlineData("SELECT nonsense", FailureKind.Refused, "PostgreSQL refused the statement: column \"nonsense\" does not exist (42703).")]
    [InlineData("DELETE FROM rows", FailureKind.Refused, "The statement would write")]
    [InlineData("SELECT 1; DELETE FROM rows", FailureKind.Refused, "more than one")]
    [InlineData("SELECT * FROM secret", FailureKind.Unauthorized, "permission denied for table secret")]
    [InlineData("SELECT 1/0 AS value", FailureKind.Refused, "division by zero")]
    public async Task A_statement_that_cannot_be_measured_is_told_why(string statement, FailureKind kind, string says)
    {
        await using var sources = Compose();

        var failure = await FailureAsync(sources, statement);

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Hint);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_stopped_and_the_next_one_is_answered()
    {
        await using var sources = Compose(("Timeout", "00:00:00.300"));

        var failure = await FailureAsync(sources, "SELECT pg_sleep(60)");

        Assert.Equal(FailureKind.TimedOut, failure.Kind);
        Assert.Equal("PostgreSQL did not answer within 0.3 s.", failure.Message);
        Assert.Equal(1, (await MeasureAsync(sources, Row("1"))).Value.Value);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_showing_it()
    {
        await using var sources = Compose(("Password", "wrong-password"));

        var problem = await Assert.ThrowsAsync<SourceException>(() => MeasureAsync(sources, Row("1")));

        Assert.Equal(FailureKind.Unauthorized, problem.Failure.Kind);
        Assert.Equal("PostgreSQL does not let the dashboard in: password authentication failed for user \"dashboard_reader\".", problem.Failure.Message);
        Assert.DoesNotContain("wrong-password", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_is_used_and_read_again_after_it_changed()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "not-yet\n");
            await using var sources = Compose(("Password", null), ("PasswordFile", file));

            Assert.Equal(FailureKind.Unauthorized, (await FailureAsync(sources, Row("1"))).Kind);
            await File.WriteAllTextAsync(file, ReaderPassword + "\n");

            Assert.Equal(1, (await MeasureAsync(sources, Row("1"))).Value.Value);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_missing_password_file_is_named_by_its_setting()
    {
        await using var sources = Compose(("Password", null), ("PasswordFile", "no/such/file"));

        var failure = await FailureAsync(sources, Row("1"));

        Assert.Equal((FailureKind.Unauthorized, "The file named by Sources:Postgres:PasswordFile does not exist."), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task A_refused_connection_is_told_with_the_address()
    {
        await using var nobody = new FaultServer(Faults.Hang);
        await nobody.CloseAsync();
        await using var sources = Compose(("Port", $"{nobody.Port}"));

        var failure = await FailureAsync(sources, Row("1"));

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
        Assert.Equal($"PostgreSQL refused the connection at postgresql://127.0.0.1:{nobody.Port}/reconciliation.", failure.Message);
    }

    [Fact]
    public async Task A_server_that_hangs_is_not_waited_for()
    {
        await using var silent = new FaultServer(Faults.Hang);
        await using var sources = Compose(("Port", $"{silent.Port}"), ("Timeout", "00:00:00.300"));

        Assert.Equal(FailureKind.TimedOut, (await FailureAsync(sources, Row("1"))).Kind);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_let_go()
    {
        await using var sources = Compose();
        using var givingUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => sources.GetRequiredService<IBusinessSource>().MeasureAsync("SELECT pg_sleep(60)", Range, givingUp.Token));
    }

    [Fact]
    public async Task Sessions_that_the_server_ended_are_not_noticed()
    {
        await using var sources = Compose();
        await MeasureAsync(sources, Row("1"));
        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dashboard_reader'");

        Assert.Equal(1, (await MeasureAsync(sources, Row("1"))).Value.Value);
    }

    [Fact]
    public async Task A_probe_tells_the_version_and_finds_nothing_to_object_to()
    {
        await using var sources = Compose();

        var identity = await ProbeAsync(sources);

        Assert.Matches(@"^\d+\.\d+", identity.Version);
        Assert.Empty(identity.Degraded);
    }

    [Fact]
    public async Task A_superuser_is_objected_to()
    {
        await using var sources = Compose(("Username", PostgresServer.Superuser), ("Password", database.Server.Password));

        Assert.Contains("superuser", Assert.Single((await ProbeAsync(sources)).Degraded), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_does_as_well_and_its_password_is_not_shown()
    {
        var text = $"Host=127.0.0.1;Port={database.Server.Port};Database=reconciliation;Username=dashboard_reader;Password={ReaderPassword}";
        await using var sources = TestSources.With(("Postgres:ConnectionString", text));

        Assert.Equal(1, (await MeasureAsync(sources, Row("1"))).Value.Value);
        Assert.Equal($"postgresql://127.0.0.1:{database.Server.Port}/reconciliation", sources.GetServices<ISourceProbe>().Last().Address);
    }

    [Fact]
    public async Task A_database_that_restarts_is_found_again()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation);
        await using var sources = TestSources.With(("Postgres:ConnectionString", server.ConnectionString()), ("Postgres:Timeout", "00:00:05"));
        await MeasureAsync(sources, Row("1"));

        await server.StopAsync(Cancellation);
        var failure = await FailureAsync(sources, Row("1"));
        await server.ResumeAsync(Cancellation);

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
        Assert.Equal(1, (await MeasureAsync(sources, Row("1"))).Value.Value);
    }

    private static string Row(string value, string samples = "1", string since = "now()", string newest = "now()") =>
        $"SELECT {value} AS value, {samples}::bigint AS samples, {since}::timestamptz AS since, {newest}::timestamptz AS newest";

    private static Task<SourceAnswer<BusinessValue>> MeasureAsync(ServiceProvider sources, string statement) =>
        sources.GetRequiredService<IBusinessSource>().MeasureAsync(statement, Range, Cancellation);

    private static async Task<SourceFailure> FailureAsync(ServiceProvider sources, string statement) =>
        (await Assert.ThrowsAsync<SourceException>(() => MeasureAsync(sources, statement))).Failure;

    private static async Task<SourceIdentity> ProbeAsync(ServiceProvider sources) =>
        (await sources.GetServices<ISourceProbe>().Single(p => p.Source is SourceKind.Postgres).ProbeAsync(Cancellation)).Value;

    private ServiceProvider Compose(params IEnumerable<(string Setting, string? Value)> settings) => TestSources.With(
        ((IEnumerable<(string Setting, string? Value)>)[("Port", $"{database.Server.Port}"), ("Password", ReaderPassword), .. settings])
            .GroupBy(s => s.Setting).Select(s => ($"Postgres:{s.Key}", s.Last().Value)));

    public sealed class Database : IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation);
            await ExecuteAsync("CREATE DATABASE reconciliation", "postgres");
            await ExecuteAsync(
                $"""
                CREATE ROLE dashboard_reader LOGIN PASSWORD '{ReaderPassword}';
                CREATE TABLE rows (at timestamptz, good boolean);
                CREATE TABLE secret (n int);
                GRANT SELECT, DELETE ON rows TO dashboard_reader;
                INSERT INTO rows VALUES ('2026-11-21T12:00Z', true), ('2026-11-21T13:00Z', false), ('2026-11-22T10:00Z', true), ('2026-11-22T11:00Z', true),
                    ('2026-11-21T11:59Z', false), ('2026-11-22T12:00Z', false);
                """);
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();

        public async Task ExecuteAsync(string statement, string name = "reconciliation")
        {
            await using var connection = new NpgsqlConnection(Server.ConnectionString(name) + ";Pooling=false");
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
