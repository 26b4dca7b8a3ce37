using Dashboard.Sandbox.Reconciliation;
using Dashboard.Sandbox.Story;
using Npgsql;

namespace Dashboard.Tests.Sandbox.Reconciliation;

public sealed class ReconciliationDatabaseTests(ReconciliationFixture fixture)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 15, 10, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_schema_can_be_applied_again_and_keeps_the_rows()
    {
        await using var database = await fixture.EmptyDatabaseAsync("applied_twice");
        await ExecuteAsync(database, "insert into feedback (score, given_at) values (5, now())");

        (await fixture.EmptyDatabaseAsync("applied_twice")).Dispose();

        Assert.Equal(1L, await ExecuteAsync(database, "select count(*) from feedback"));
    }

    [Fact]
    public async Task The_dashboards_role_reads_and_can_not_write_even_when_it_asks_to()
    {
        await using var app = await fixture.EmptyDatabaseAsync("read_only");
        var server = await fixture.PostgresAsync();
        await using var reader = NpgsqlDataSource.Create(
            server.ConnectionString(ReconciliationDatabase.ReaderRole, ReconciliationFixture.Passwords.Reader, "read_only"));

        Assert.Equal(0L, await ExecuteAsync(reader, "select count(*) from ledger_entries"));
        Assert.Equal("10s", await ExecuteAsync(reader, "show statement_timeout"));
        var byDefault = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(reader, "delete from tasks"));
        var stubborn = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(reader, "set default_transaction_read_only = off; set transaction read write; delete from tasks"));
        var table = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(reader, "set transaction read write; create table mine (n int)"));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, byDefault.SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, stubborn.SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, table.SqlState);
    }

    [Fact]
    public async Task Passwords_do_not_show_in_the_servers_statistics()
    {
        (await fixture.EmptyDatabaseAsync("discreet")).Dispose();
        var server = await fixture.PostgresAsync();
        await using var exporter = NpgsqlDataSource.Create(
            server.ConnectionString(ReconciliationDatabase.ExporterRole, ReconciliationFixture.Passwords.Exporter, "discreet"));

        Assert.Equal(0L, await ExecuteAsync(exporter, "select count(*) from pg_stat_statements where query ilike '%role%password ''%'"));
    }

    [Fact]
    public async Task The_seeded_past_agrees_with_the_story_and_meets_the_targets_as_documented()
    {
        await using var database = await fixture.EmptyDatabaseAsync("history");
        var story = new SandboxStory(Now);

        Assert.True(await new LedgerHistory(story).SeedAsync(database, Cancellation));
        Assert.False(await new LedgerHistory(story).SeedAsync(database, Cancellation));

        var entries = (long)(await ExecuteAsync(database, "select count(*) from ledger_entries"))!;
        Assert.InRange(entries, 200_000, 500_000);
        Assert.InRange(await PercentAsync(database, "select avg(score) from feedback where given_at > @now - interval '30 days'"), 4.55m, 4.65m);
        Assert.InRange(
            await PercentAsync(
                database, "select 100.0 * count(*) filter (where status = 'completed') / count(*) from tasks where created_at > @now - interval '1 day'"),
            96m,
            98m);
        Assert.InRange(
            await PercentAsync(
                database, "select 100.0 * sum(matched) / sum(internal_count) from reconciliation_runs where finished_at > @now - interval '1 day'"),
            99.55m,
            99.75m);
        Assert.Equal(0L, await ExecuteAsync(database, $"select count(*) from reconciliation_runs where finished_at > '{Now:O}'"));

        // Each run tells what the ledgers hold.
        Assert.Equal(
            0L,
            await ExecuteAsync(
                database,
                """
                select count(*) from reconciliation_runs run
                join lateral (
                    select count(*) as pairs, count(*) filter (where partner.amount = internal.amount) as matched
                    from ledger_entries internal
                    left join ledger_entries partner on partner.ledger = 'partner' and partner.reference = internal.reference
                    where internal.ledger = 'internal' and internal.booked_at >= run.slice_from and internal.booked_at < run.slice_to
                ) held on true
                where held.pairs <> run.internal_count or held.matched <> run.matched
                """));

        // The bad deployment shows: its hours have more wrong rows than the same hours of the day before.
        var bad = story.BadDeployment;
        var during = await WrongShareAsync(database, bad.Start, bad.End);
        var before = await WrongShareAsync(database, bad.Start.AddDays(-7), bad.End.AddDays(-1));
        Assert.True(during > 2 * before, $"{during} during the deployment, {before} before");
    }

    private static async Task<decimal> WrongShareAsync(NpgsqlDataSource database, DateTimeOffset from, DateTimeOffset to) =>
        (decimal)(await ExecuteAsync(
            database,
            $"""
            select 100.0 * count(*) filter (where partner.amount is distinct from internal.amount) / count(*)
            from ledger_entries internal
            left join ledger_entries partner on partner.ledger = 'partner' and partner.reference = internal.reference
            where internal.ledger = 'internal' and internal.booked_at >= '{from:O}' and internal.booked_at < '{to:O}'
            """))!;

    private static async Task<decimal> PercentAsync(NpgsqlDataSource database, string query)
    {
        await using var command = database.CreateCommand(query);
        command.Parameters.AddWithValue("now", Now);
        return (decimal)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
