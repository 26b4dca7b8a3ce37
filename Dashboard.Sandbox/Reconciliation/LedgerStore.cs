using Npgsql;
using NpgsqlTypes;
using static Dashboard.Sandbox.Reconciliation.FaultableDatabase;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>The two ledgers, and what comparing them found.</summary>
internal sealed class LedgerStore(FaultableDatabase database, TimeProvider clock) : IDisposable
{
    private const string RunColumns =
        "id, started_at, finished_at, status, internal_count, matched, mismatched, missing, slice_from, slice_to";

    // What is booked while a run reads would fall between its slice and the next one's.
    private readonly SemaphoreSlim booking = new(1);

    public void Dispose() => booking.Dispose();

    /// <summary>The latest runs, newest first, and the counts of the last day.</summary>
    public async Task<RunsAnswer> RunsAsync(int limit, CancellationToken cancellation)
    {
        var runs = await ReadAsync(
            database.Command(
                $"/* list runs */ select {RunColumns} from reconciliation_runs where true {Pace} order by id desc limit @limit",
                new NpgsqlParameter("limit", limit)),
            Run,
            cancellation);
        var counts = await ReadAsync(
            database.Command(
                $"""
                /* sum of the day's runs */ select coalesce(sum(matched), 0)::bigint, coalesce(sum(internal_count), 0)::bigint
                from reconciliation_runs where finished_at >= @from and status = 'completed' {Pace}
                """,
                new NpgsqlParameter("from", clock.GetUtcNow().AddDays(-1))),
            row => (row.GetInt64(0), row.GetInt64(1)),
            cancellation);
        return counts is [var (matched, compared)] ? new RunsAnswer(runs, matched, compared) : new RunsAnswer(runs, 0, 0);
    }

    public async Task<RunDetailAnswer?> RunAsync(long id, CancellationToken cancellation)
    {
        var runs = await ReadAsync(
            database.Command(
                $"/* one run */ select {RunColumns} from reconciliation_runs where id = @id {Pace}", new NpgsqlParameter("id", id)),
            Run,
            cancellation);
        if (runs is not [var run])
            return null;
        var found = await ReadAsync(
            database.Command(
                $"""
                /* discrepancies of a run */ select id, run_id, reference, kind, internal_amount, partner_amount, found_at, resolved_at
                from discrepancies where run_id = @id {Pace} order by id limit 100
                """,
                new NpgsqlParameter("id", id)),
            Discrepancy,
            cancellation);
        return new RunDetailAnswer(run, found);
    }

    /// <summary>The latest entries of a ledger, and its totals a currency over the last day.</summary>
    public async Task<EntriesAnswer> EntriesAsync(string ledger, int limit, CancellationToken cancellation)
    {
        var entries = await ReadAsync(
            database.Command(
                $"""
                /* list entries */ select id, reference, amount, currency, booked_at from ledger_entries
                where ledger = @ledger {Pace} order by booked_at desc limit @limit
                """,
                new NpgsqlParameter("ledger", ledger),
                new NpgsqlParameter("limit", limit)),
            row => new EntryAnswer(row.GetInt64(0), row.GetString(1), row.GetDecimal(2), row.GetString(3), At(row, 4)),
            cancellation);
        var totals = await ReadAsync(
            database.Command(
                $"""
                /* totals of a ledger */ select currency, count(*), sum(amount) from ledger_entries
                where ledger = @ledger and booked_at >= @from {Pace} group by currency order by currency
                """,
                new NpgsqlParameter("ledger", ledger),
                new NpgsqlParameter("from", clock.GetUtcNow().AddDays(-1))),
            row => new CurrencyTotal(row.GetString(0), row.GetInt64(1), row.GetDecimal(2)),
            cancellation);
        return new EntriesAnswer(ledger, entries, totals);
    }

    /// <summary>The latest discrepancies that nobody has settled.</summary>
    public Task<List<DiscrepancyAnswer>> OpenDiscrepanciesAsync(int limit, CancellationToken cancellation) => ReadAsync(
        database.Command(
            $"""
            /* open discrepancies */ select id, run_id, reference, kind, internal_amount, partner_amount, found_at, resolved_at
            from discrepancies where resolved_at is null {Pace} order by found_at desc limit @limit
            """,
            new NpgsqlParameter("limit", limit)),
        Discrepancy,
        cancellation);

    /// <summary>Books the pairs in both ledgers, as far as the partner knows them.</summary>
    public async Task BookAsync(IReadOnlyList<LedgerPair> pairs, CancellationToken cancellation)
    {
        if (pairs.Count == 0)
            return;
        await booking.WaitAsync(cancellation);
        try
        {
            await using var command = database.Source.CreateCommand(
                """
                /* book */ with pairs as (
                    select * from unnest(@references, @currencies, @amounts, @partner_amounts, @booked)
                        as pair (reference, currency, amount, partner_amount, booked_at)
                )
                insert into ledger_entries (ledger, reference, amount, currency, booked_at)
                select 'internal', reference, amount, currency, booked_at from pairs
                union all
                select 'partner', reference, partner_amount, currency, booked_at from pairs where partner_amount is not null
                """);
            command.Parameters.AddWithValue("references", pairs.Select(pair => pair.Reference).ToArray());
            command.Parameters.AddWithValue("currencies", pairs.Select(pair => pair.Currency).ToArray());
            command.Parameters.AddWithValue("amounts", pairs.Select(pair => pair.Amount).ToArray());
            command.Parameters.AddWithValue("partner_amounts", pairs.Select(pair => pair.PartnerAmount).ToArray());
            command.Parameters.AddWithValue("booked", pairs.Select(pair => pair.BookedAt.UtcDateTime).ToArray());
            await command.ExecuteNonQueryAsync(cancellation);
        }
        finally
        {
            booking.Release();
        }
    }

    /// <summary>Compares what was booked since the last run. When nothing was, there is no new run: the last one is returned.</summary>
    public async Task<(RunAnswer? Run, bool New)> ReconcileNewAsync(CancellationToken cancellation)
    {
        await booking.WaitAsync(cancellation);
        try
        {
            var last = await ReadAsync(
                database.Command(
                    $"""
                    /* last run */ select {RunColumns} from reconciliation_runs
                    where status = 'completed' {Pace} order by slice_to desc, id desc limit 1
                    """),
                Run,
                cancellation);
            var from = last is [var run] ? run.SliceTo : DateTimeOffset.UnixEpoch;
            var made = await CompareAsync(from, clock.GetUtcNow(), onlyIfAny: true, cancellation);
            return made is null ? (last is [var old] ? old : null, false) : (made, true);
        }
        finally
        {
            booking.Release();
        }
    }

    /// <summary>Compares what was booked in [from, to), whether it was compared before or not.</summary>
    public async Task<RunAnswer> ReconcileAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await booking.WaitAsync(cancellation);
        try
        {
            return (await CompareAsync(from, to, onlyIfAny: false, cancellation))!;
        }
        finally
        {
            booking.Release();
        }
    }

    /// <summary>
    /// The partner's corrected files: wrong entries whose reference starts so are put right, the runs of the time are
    /// evaluated again and the discrepancies are settled.
    /// </summary>
    public async Task CorrectAsync(string referencePrefix, DateTimeOffset since, CancellationToken cancellation)
    {
        await booking.WaitAsync(cancellation);
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var command = new NpgsqlCommand(
                """
                /* corrected file */ insert into ledger_entries (ledger, reference, amount, currency, booked_at)
                select 'partner', reference, amount, currency, booked_at from ledger_entries
                where ledger = 'internal' and booked_at >= @since and starts_with(reference, @prefix)
                on conflict (ledger, reference) do update set amount = excluded.amount;

                update reconciliation_runs run
                set matched = counted.matched, mismatched = counted.mismatched,
                    missing = run.internal_count - counted.matched - counted.mismatched
                from (
                    select again.id,
                        count(*) filter (where partner.amount = internal.amount) as matched,
                        count(*) filter (where partner.amount <> internal.amount) as mismatched
                    from reconciliation_runs again
                    join ledger_entries internal on internal.ledger = 'internal'
                        and internal.booked_at >= again.slice_from and internal.booked_at < again.slice_to
                    left join ledger_entries partner on partner.ledger = 'partner' and partner.reference = internal.reference
                    where again.slice_to > @since and again.status = 'completed'
                    group by again.id
                ) counted
                where counted.id = run.id;

                update discrepancies set resolved_at = now()
                where found_at >= @since and resolved_at is null and starts_with(reference, @prefix)
                """,
                connection);
            command.Parameters.AddWithValue("since", since);
            command.Parameters.AddWithValue("prefix", referencePrefix);
            await command.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        finally
        {
            booking.Release();
        }
    }

    private async Task<RunAnswer?> CompareAsync(DateTimeOffset from, DateTimeOffset to, bool onlyIfAny, CancellationToken cancellation)
    {
        var runs = await ReadAsync(
            database.Command(
                $"""
                /* reconcile */ with pairs as materialized (
                    select internal.reference, internal.amount as internal_amount, partner.amount as partner_amount,
                        partner.reference is null as missing,
                        coalesce(partner.amount = internal.amount and partner.currency = internal.currency, false) as matched
                    from ledger_entries internal
                    left join ledger_entries partner on partner.ledger = 'partner' and partner.reference = internal.reference
                    where internal.ledger = 'internal' and internal.booked_at >= @from and internal.booked_at < @to {Pace}
                ), counted as (
                    select count(*) as internal_count, count(*) filter (where matched) as matched,
                        count(*) filter (where not matched and not missing) as mismatched, count(*) filter (where missing) as missing
                    from pairs
                ), run as (
                    insert into reconciliation_runs
                        (started_at, finished_at, status, internal_count, matched, mismatched, missing, slice_from, slice_to)
                    select @started, clock_timestamp(), 'completed', internal_count, matched, mismatched, missing, @from, @to
                    from counted where internal_count > 0 or not @only_if_any
                    returning {RunColumns}
                ), found as (
                    insert into discrepancies (run_id, reference, kind, internal_amount, partner_amount, found_at)
                    select run.id, reference, case when pairs.missing then 'missing' else 'mismatched' end,
                        internal_amount, partner_amount, run.finished_at
                    from pairs cross join run where not pairs.matched
                    on conflict (reference, kind) do nothing
                )
                select {RunColumns} from run
                """,
                new NpgsqlParameter("from", from.ToUniversalTime()),
                new NpgsqlParameter("to", to.ToUniversalTime()),
                new NpgsqlParameter("started", clock.GetUtcNow()),
                new NpgsqlParameter("only_if_any", NpgsqlDbType.Boolean) { Value = onlyIfAny }),
            Run,
            cancellation);
        return runs is [var run] ? run : null;
    }

    private static RunAnswer Run(NpgsqlDataReader row) => new(
        row.GetInt64(0), At(row, 1), At(row, 2), row.GetString(3),
        row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), At(row, 8), At(row, 9));

    private static DiscrepancyAnswer Discrepancy(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetDecimal(4),
        row.IsDBNull(5) ? null : row.GetDecimal(5), At(row, 6), row.IsDBNull(7) ? null : At(row, 7));

    private static DateTimeOffset At(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);
}
