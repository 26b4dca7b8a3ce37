using System.Globalization;
using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Story;
using Npgsql;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>What goes on without anybody asking: partners book, runs compare, tasks come up and are done.</summary>
internal sealed partial class LedgerActivity(
    LedgerStore ledgers, TaskStore tasks, FaultSet faults, TimeProvider clock, ILogger<LedgerActivity> log) : BackgroundService
{
    public const string WrongReference = "W-";
    private const int WrongFilePairs = 40;
    private const int OpenTasks = 8;
    private const double BookingsPerHourAndLoad = 12;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenRuns = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] TaskKinds = ["review-discrepancy", "confirm-balance", "approve-correction", "close-day"];

    private readonly LedgerPairs pairs = new(Environment.ProcessId);
    private readonly LedgerPairs wrongPairs = new(Environment.ProcessId + 1);
    private double bookingDebt;
    private double failureDebt;
    private DateTimeOffset? wrongSince;
    private DateTimeOffset lastRun = DateTimeOffset.MinValue;

    /// <summary>One step of what goes on.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await BookAsync(now, cancellation);
        if (await WrongFilesAsync(now, cancellation) || now - lastRun >= BetweenRuns)
        {
            lastRun = now;
            if (await ledgers.ReconcileNewAsync(cancellation) is ({ } run, true))
                Reconciled(run.Id, run.InternalCount, run.Matched, run.Mismatched, run.Missing);
        }

        failureDebt += await tasks.TopUpAsync(OpenTasks, TaskKinds, cancellation) * LedgerHistory.FailedTaskShare;
        if (failureDebt >= 1)
        {
            failureDebt -= 1;
            await tasks.CloseOldestAsync(1, "failed", now, cancellation);
        }

        // Nobody asked for these in time; the night shift does them.
        await tasks.CloseOldestAsync(OpenTasks, "completed", now - Patience, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await StepAsync(stoppingToken);
                }
                catch (NpgsqlException unreachable)
                {
                    Failed(unreachable);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private async Task BookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        bookingDebt += SandboxStory.Load(now) * BookingsPerHourAndLoad * Interval.TotalHours;
        var share = LedgerPairs.WrongShare(new SandboxStory(now).ConditionsAt(now));
        var due = (int)bookingDebt;
        bookingDebt -= due;
        await ledgers.BookAsync(
            [.. Enumerable.Range(0, due).Select(index => pairs.Next(Reference("L-", now, index), now, share))], cancellation);
    }

    /// <summary>While the fault is on, books a file with wrong rows each step; when it ends, has them corrected.</summary>
    /// <returns>Whether there is something to compare at once.</returns>
    private async Task<bool> WrongFilesAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var share = faults.IntensityOf(Fault.WrongLedgerRows);
        if (share > 0)
        {
            wrongSince ??= now;
            WrongFile(WrongFilePairs);
            await ledgers.BookAsync(
                [.. Enumerable.Range(0, WrongFilePairs).Select(index => wrongPairs.Next(Reference(WrongReference, now, index), now, share))],
                cancellation);
            return true;
        }

        if (wrongSince is { } since)
        {
            await ledgers.CorrectAsync(WrongReference, since, cancellation);
            wrongSince = null;
            Corrected();
        }

        return false;
    }

    private static string Reference(string prefix, DateTimeOffset now, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{now.UtcDateTime:yyMMddHHmmssfff}-{index:000}");

    [LoggerMessage(LogLevel.Information, "Run {Id} compared {Count} bookings: {Matched} matched, {Mismatched} mismatched, {Missing} missing.")]
    private partial void Reconciled(long id, int count, int matched, int mismatched, int missing);

    [LoggerMessage(LogLevel.Warning, "A partner's file of {Count} rows does not pass the checks; it is booked nevertheless.")]
    private partial void WrongFile(int count);

    [LoggerMessage(LogLevel.Information, "The partner sent corrected files; the runs of the time were evaluated again.")]
    private partial void Corrected();

    [LoggerMessage(LogLevel.Error, "The ledgers can't be reached.")]
    private partial void Failed(NpgsqlException exception);
}
