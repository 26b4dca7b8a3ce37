namespace Dashboard.Sandbox.Faults;

/// <summary>Something that can be made to go wrong in the reference service.</summary>
/// <param name="Name">Its name in requests, such as <c>slowDatabase</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Unit">What the intensity counts.</param>
/// <param name="Default">Intensity when none is given.</param>
/// <param name="Most">The greatest intensity; the least is 0, which means off.</param>
/// <param name="Effect">What it does and how that shows.</param>
/// <param name="Kpis">Ids of the KPIs that miss their targets because of it.</param>
public sealed record Fault(
    string Name, string Title, string Unit, double Default, double Most, string Effect, IReadOnlyList<string> Kpis)
{
    public static Fault SlowDatabase { get; } = new(
        "slowDatabase", "Slow database", "milliseconds a query", 400, 5000,
        "Every query of the service waits in PostgreSQL: the database spans grow long, the pool fills, pg_stat_statements shows the statements.",
        ["response-time-avg", "response-time-p95", "response-time-p99", "response-time-max", "db-connections"]);

    public static Fault Errors { get; } = new(
        "errors", "Burst of 5xx errors", "share of the requests", 0.3, 1,
        "Requests fail with an unhandled exception: status 500, the stack trace in the logs, the exception in the span.",
        ["error-rate", "error-rate-5xx"]);

    public static Fault Timeouts { get; } = new(
        "timeouts", "Partner timeouts", "share of the partner calls", 0.6, 1,
        "The partner's balance interface stops answering; the service gives up after two seconds with status 504.",
        ["timeout-rate", "error-rate", "error-rate-5xx", "response-time-p99", "response-time-max"]);

    public static Fault MemoryGrowth { get; } = new(
        "memoryGrowth", "Memory growth", "megabytes a minute", 60, 600,
        "The service keeps more and more memory, up to 400 MB; it gives it back when this is switched off.",
        ["memory-usage"]);

    public static Fault WrongLedgerRows { get; } = new(
        "wrongLedgerRows", "Wrong ledger rows", "share of the partner's rows", 0.3, 1,
        "The partner sends files with wrong amounts and missing rows, and runs find them. Switching it off brings corrected files and runs.",
        ["data-accuracy"]);

    public static IReadOnlyList<Fault> All { get; } = [SlowDatabase, Errors, Timeouts, MemoryGrowth, WrongLedgerRows];

    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name.Equals(name, StringComparison.Ordinal));
}
