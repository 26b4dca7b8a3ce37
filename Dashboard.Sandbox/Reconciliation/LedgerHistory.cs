using Dashboard.Sandbox.Story;
using Npgsql;
using NpgsqlTypes;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>
/// The past of the reconciliation database: ninety days of bookings, hourly runs, tasks and feedback, as <see cref="SandboxStory"/> tells it.
/// The same story gives the same rows.
/// </summary>
public sealed class LedgerHistory(SandboxStory story)
{
    public const int Days = 90;

    /// <summary>Of the tasks, the share that is never completed.</summary>
    public const double FailedTaskShare = 0.026;

    private const int Seed = 20_260;
    private const double BookingsPerLoad = 3;
    private const double TasksPerLoad = 2.4;
    private const double FeedbackPerLoad = 0.8;
    private static readonly TimeSpan Run = TimeSpan.FromHours(1);
    private static readonly string[] TaskKinds = ["review-discrepancy", "confirm-balance", "approve-correction", "close-day"];

    private readonly Random random = new(Seed);

    /// <summary>Writes the past into an empty database; does nothing when there are runs already.</summary>
    /// <returns>Whether anything was written.</returns>
    public async Task<bool> SeedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var empty = new NpgsqlCommand("select not exists (select from reconciliation_runs)", connection))
        {
            if (await empty.ExecuteScalarAsync(cancellation) is not true)
                return false;
        }

        var runs = await WriteEntriesAsync(connection, cancellation);
        await WriteRunsAsync(connection, runs, cancellation);
        await WriteDiscrepanciesAsync(connection, runs, cancellation);
        await WriteTasksAsync(connection, cancellation);
        await WriteFeedbackAsync(connection, cancellation);
        await using (var finish = new NpgsqlCommand(
            "select setval('reconciliation_runs_id_seq', (select max(id) from reconciliation_runs)); analyze", connection))
            await finish.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private IEnumerable<DateTimeOffset> Hours()
    {
        // Up to now, so that what is booked from now on is the first that a live run has to look at.
        for (var hour = story.Now.AddDays(-Days); hour < story.Now; hour += Run)
            yield return hour;
    }

    /// <summary>How many things happen in an hour whose rate follows the load.</summary>
    private int Count(DateTimeOffset hour, double perLoad) =>
        (int)Math.Round(SandboxStory.Load(hour) * perLoad * (0.85 + (0.3 * random.NextDouble())));

    private static DateTimeOffset Within(DateTimeOffset hour, int index, int count) => hour + (Run * ((index + 0.5) / count));

    private async Task<List<PastRun>> WriteEntriesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var pairs = new LedgerPairs(Seed);
        var runs = new List<PastRun>();
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy ledger_entries (ledger, reference, amount, currency, booked_at) from stdin (format binary)", cancellation);
        foreach (var hour in Hours())
        {
            var run = new PastRun(runs.Count + 1, hour);
            var count = Count(hour, BookingsPerLoad);
            for (var index = 0; index < count; index++)
            {
                var at = Within(hour, index, count);
                var pair = pairs.Next($"B-{hour.UtcDateTime:yyMMddHH}-{index:000}", at, LedgerPairs.WrongShare(story.ConditionsAt(at)));
                run.Count++;
                if (!pair.Matched)
                    run.Wrong.Add(pair);
                WriteEntry(writer, "internal", pair, pair.Amount);
                if (pair.PartnerAmount is { } amount)
                    WriteEntry(writer, "partner", pair, amount);
            }

            runs.Add(run);
        }

        await writer.CompleteAsync(cancellation);
        return runs;
    }

    /// <summary>Not asynchronous: a column goes into a buffer, and a million of awaited columns cost more than all else here.</summary>
    private static void WriteEntry(NpgsqlBinaryImporter writer, string ledger, LedgerPair pair, decimal amount)
    {
        writer.StartRow();
        writer.Write(ledger, NpgsqlDbType.Text);
        writer.Write(pair.Reference, NpgsqlDbType.Text);
        writer.Write(amount, NpgsqlDbType.Numeric);
        writer.Write(pair.Currency, NpgsqlDbType.Text);
        writer.Write(pair.BookedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
    }

    private async Task WriteRunsAsync(NpgsqlConnection connection, List<PastRun> runs, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy reconciliation_runs (id, started_at, finished_at, status, internal_count, matched, mismatched, missing, slice_from, slice_to) from stdin (format binary)",
            cancellation);
        foreach (var run in runs)
        {
            var end = run.From + Run < story.Now ? run.From + Run : story.Now;
            // A run takes a moment after its hour; the last one must not lie in the future.
            var seconds = (0.2 + (0.01 * run.Count * random.NextDouble())) * story.ConditionsAt(end).DatabaseSlowdown;
            run.FinishedAt = end.AddSeconds(seconds) < story.Now ? end.AddSeconds(seconds) : story.Now;
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync(run.Id, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(end.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await writer.WriteAsync(run.FinishedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await writer.WriteAsync("completed", NpgsqlDbType.Text, cancellation);
            await writer.WriteAsync(run.Count, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(run.Count - run.Wrong.Count, NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(run.Wrong.Count(pair => pair.PartnerAmount is not null), NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(run.Wrong.Count(pair => pair.PartnerAmount is null), NpgsqlDbType.Integer, cancellation);
            await writer.WriteAsync(run.From.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await writer.WriteAsync(end.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    private async Task WriteDiscrepanciesAsync(NpgsqlConnection connection, List<PastRun> runs, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy discrepancies (run_id, reference, kind, internal_amount, partner_amount, found_at, resolved_at) from stdin (format binary)",
            cancellation);
        foreach (var run in runs)
        {
            foreach (var pair in run.Wrong)
            {
                // Most are settled with the partner within a day; a few stay open for good.
                var resolved = run.FinishedAt.AddHours(1 + (22 * random.NextDouble()));
                var settled = random.NextDouble() < 0.96 && resolved < story.Now;
                await writer.StartRowAsync(cancellation);
                await writer.WriteAsync(run.Id, NpgsqlDbType.Bigint, cancellation);
                await writer.WriteAsync(pair.Reference, NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(pair.PartnerAmount is null ? "missing" : "mismatched", NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(pair.Amount, NpgsqlDbType.Numeric, cancellation);
                await writer.WriteAsync(pair.PartnerAmount, NpgsqlDbType.Numeric, cancellation);
                await writer.WriteAsync(run.FinishedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                await writer.WriteAsync(settled ? resolved.UtcDateTime : (DateTime?)null, NpgsqlDbType.TimestampTz, cancellation);
            }
        }

        await writer.CompleteAsync(cancellation);
    }

    private async Task WriteTasksAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var debt = 0.5;
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy tasks (kind, created_at, due_at, completed_at, status) from stdin (format binary)", cancellation);
        foreach (var hour in Hours())
        {
            var count = Count(hour, TasksPerLoad);
            for (var index = 0; index < count; index++)
            {
                var created = Within(hour, index, count);
                var slowdown = story.ConditionsAt(created).DatabaseSlowdown;
                // People give up on a slow service, so more tasks are left undone then.
                debt += slowdown > 1 ? FailedTaskShare * 4 : FailedTaskShare;
                var failed = debt >= 1;
                debt -= failed ? 1 : 0;
                var completed = created.AddMinutes(1 + (14 * random.NextDouble()));
                await writer.StartRowAsync(cancellation);
                await writer.WriteAsync(TaskKinds[random.Next(TaskKinds.Length)], NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                await writer.WriteAsync(created.AddMinutes(30).UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                await writer.WriteAsync(
                    failed ? (DateTime?)null : (completed < story.Now ? completed : story.Now).UtcDateTime,
                    NpgsqlDbType.TimestampTz,
                    cancellation);
                await writer.WriteAsync(failed ? "failed" : "completed", NpgsqlDbType.Text, cancellation);
            }
        }

        await writer.CompleteAsync(cancellation);
    }

    private async Task WriteFeedbackAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy feedback (score, comment, given_at) from stdin (format binary)", cancellation);
        foreach (var hour in Hours())
        {
            var count = Count(hour, FeedbackPerLoad);
            for (var index = 0; index < count; index++)
            {
                var given = Within(hour, index, count);
                var conditions = story.ConditionsAt(given);
                var score = Satisfaction.Score(
                    random.NextDouble(), slow: conditions.DatabaseSlowdown > 1, failed: random.NextDouble() < conditions.PartnerTimeoutShare * 0.3);
                await writer.StartRowAsync(cancellation);
                await writer.WriteAsync((short)score, NpgsqlDbType.Smallint, cancellation);
                await writer.WriteAsync(Satisfaction.Comment(score), NpgsqlDbType.Text, cancellation);
                await writer.WriteAsync(given.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            }
        }

        await writer.CompleteAsync(cancellation);
    }

    private sealed class PastRun(long id, DateTimeOffset from)
    {
        public long Id => id;

        public DateTimeOffset From => from;

        public int Count { get; set; }

        public List<LedgerPair> Wrong { get; } = [];

        public DateTimeOffset FinishedAt { get; set; }
    }
}
