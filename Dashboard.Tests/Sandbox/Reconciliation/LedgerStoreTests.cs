using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Reconciliation;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Dashboard.Tests.Sandbox.Reconciliation;

public sealed class LedgerStoreTests(ReconciliationFixture fixture)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Noon);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_tells_matched_mismatched_and_missing_entries_of_its_slice_apart()
    {
        await using var database = await fixture.EmptyDatabaseAsync();
        using var ledgers = Ledgers(database);
        await DrawAsync(
            ledgers,
            """
            A 11:00 10.00 10.00
            B 11:10 20.00 20.00
            C 11:20 30.00 29.99
            D 11:30 40.00 -
            E 11:59 50.00 50.00
            F 12:00 60.00 -
            """);

        var run = await ledgers.ReconcileAsync(Noon.AddHours(-1), Noon, Cancellation);

        Assert.Equal((5, 3, 1, 1), (run.InternalCount, run.Matched, run.Mismatched, run.Missing));
        var detail = await ledgers.RunAsync(run.Id, Cancellation);
        Assert.Equal(
            [("C", "mismatched", 30.00m, 29.99m), ("D", "missing", 40.00m, null)],
            detail!.Discrepancies.Select(found => (found.Reference, found.Kind, found.InternalAmount, found.PartnerAmount)));
    }

    [Fact]
    public async Task Comparing_a_slice_again_finds_the_same_and_tells_each_discrepancy_once()
    {
        await using var database = await fixture.EmptyDatabaseAsync();
        using var ledgers = Ledgers(database);
        await DrawAsync(ledgers, "A 11:00 10.00 11.00");

        var first = await ledgers.ReconcileAsync(Noon.AddHours(-1), Noon, Cancellation);
        var again = await ledgers.ReconcileAsync(Noon.AddHours(-1), Noon, Cancellation);

        Assert.Equal((1, 0, 1, 0), (again.InternalCount, again.Matched, again.Mismatched, again.Missing));
        Assert.NotEqual(first.Id, again.Id);
        Assert.Single(await ledgers.OpenDiscrepanciesAsync(10, Cancellation));
    }

    [Fact]
    public async Task What_is_new_is_compared_once()
    {
        await using var database = await fixture.EmptyDatabaseAsync();
        using var ledgers = Ledgers(database);
        await DrawAsync(ledgers, "A 11:00 10.00 10.00");

        var (first, firstIsNew) = await ledgers.ReconcileNewAsync(Cancellation);
        clock.Advance(TimeSpan.FromMinutes(1));
        var (same, sameIsNew) = await ledgers.ReconcileNewAsync(Cancellation);
        await DrawAsync(ledgers, "B 12:00 10.00 -");
        var (second, secondIsNew) = await ledgers.ReconcileNewAsync(Cancellation);

        Assert.Equal((true, false, true), (firstIsNew, sameIsNew, secondIsNew));
        Assert.Equal(first!.Id, same!.Id);
        Assert.Equal((1, 0, 0, 1), (second!.InternalCount, second.Matched, second.Mismatched, second.Missing));
    }

    [Fact]
    public async Task Wrong_rows_push_the_accuracy_below_its_target_at_once_and_corrected_files_bring_it_back()
    {
        await using var database = await fixture.EmptyDatabaseAsync();
        using var ledgers = Ledgers(database);
        var faults = new FaultSet(clock);
        using var activity = new LedgerActivity(
            ledgers, new TaskStore(new FaultableDatabase(database, faults), clock), faults, clock, NullLogger<LedgerActivity>.Instance);

        faults.Apply(new FaultChange(Fault.WrongLedgerRows, 0.3, null));
        await StepAsync();
        var wrong = await ledgers.RunsAsync(10, Cancellation);
        faults.Clear();
        await StepAsync();
        var corrected = await ledgers.RunsAsync(10, Cancellation);

        Assert.InRange((double)wrong.Matched / wrong.Compared, 0.6, 0.8);
        Assert.True((double)corrected.Matched / corrected.Compared > 0.995);
        Assert.DoesNotContain(
            await ledgers.OpenDiscrepanciesAsync(100, Cancellation), open => open.Reference.StartsWith(LedgerActivity.WrongReference, StringComparison.Ordinal));

        async Task StepAsync()
        {
            await activity.StepAsync(Cancellation);
            clock.Advance(TimeSpan.FromSeconds(5));
            await activity.StepAsync(Cancellation);
        }
    }

    [Fact]
    public async Task There_is_always_a_task_to_do_and_most_are_completed()
    {
        await using var database = await fixture.EmptyDatabaseAsync();
        using var ledgers = Ledgers(database);
        var faults = new FaultSet(clock);
        var tasks = new TaskStore(new FaultableDatabase(database, faults), clock);
        using var activity = new LedgerActivity(ledgers, tasks, faults, clock, NullLogger<LedgerActivity>.Instance);

        for (var step = 0; step < 60; step++)
        {
            await activity.StepAsync(Cancellation);
            foreach (var task in (await tasks.OpenAsync(5, Cancellation)))
                await tasks.CompleteAsync(task.Id, Cancellation);
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        await using var share = database.CreateCommand(
            "select (100.0 * count(*) filter (where status = 'completed') / count(*) filter (where status <> 'open'))::float8 from tasks");
        Assert.InRange((double)(await share.ExecuteScalarAsync(Cancellation))!, 96, 98.5);
    }

    private LedgerStore Ledgers(NpgsqlDataSource database) => new(new FaultableDatabase(database, new FaultSet(clock)), clock);

    /// <summary>A line a booking: reference, time, amount, and the partner's amount or a dash.</summary>
    private static Task DrawAsync(LedgerStore ledgers, string drawing) => ledgers.BookAsync(
        [.. drawing.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' ') is [var reference, var time, var amount, var partner]
            ? new LedgerPair(
                reference,
                "EUR",
                decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture),
                partner == "-" ? null : decimal.Parse(partner, System.Globalization.CultureInfo.InvariantCulture),
                Noon - Noon.TimeOfDay + TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture))
            : throw new FormatException(line))],
        Cancellation);
}
