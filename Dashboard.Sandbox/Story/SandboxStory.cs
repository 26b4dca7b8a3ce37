namespace Dashboard.Sandbox.Story;

/// <summary>A request the reference service answers, and how it behaves when all is well.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Route template, as it stands in the metrics' <c>http_route</c> and the spans' <c>http.route</c>.</param>
/// <param name="Weight">Share of the traffic; all weights together are 100.</param>
/// <param name="TypicalMilliseconds">Median response time.</param>
/// <param name="UsesDatabase">Slowed by a slow database.</param>
/// <param name="UsesPartner">Fails when the partner times out.</param>
public sealed record SandboxRoute(string Method, string Route, double Weight, double TypicalMilliseconds, bool UsesDatabase, bool UsesPartner);

/// <summary>How things stand at one moment of the story.</summary>
/// <param name="RequestsPerSecond">Offered load.</param>
/// <param name="ConcurrentUsers">Users with a session.</param>
/// <param name="DatabaseSlowdown">Factor on the time of every query; 1 is normal.</param>
/// <param name="PartnerTimeoutShare">Share of the partner calls that time out, 0 to 1.</param>
/// <param name="ServerErrorShare">Share of all requests that the service fails with a 500, 0 to 1.</param>
/// <param name="ClientErrorShare">Share of all requests answered with a 4xx, 0 to 1.</param>
/// <param name="Version">The version of the service that is deployed.</param>
/// <param name="MismatchShare">Share of ledger pairs whose amounts differ, 0 to 1.</param>
public sealed record SandboxConditions(
    double RequestsPerSecond,
    double ConcurrentUsers,
    double DatabaseSlowdown,
    double PartnerTimeoutShare,
    double ServerErrorShare,
    double ClientErrorShare,
    string Version,
    double MismatchShare);

/// <summary>Something that went wrong, and when.</summary>
public sealed record SandboxIncident(string Name, DateTimeOffset Start, DateTimeOffset End, string Cause)
{
    public bool Covers(DateTimeOffset at) => at >= Start && at < End;
}

/// <summary>
/// The one story that the sandbox's metrics, traces, logs and ledger rows all tell: an ordinary week with a daily rhythm and two incidents.
/// Everything that makes up a past asks it, so that they agree; live traffic follows the same rhythm.
/// </summary>
/// <param name="now">Where the past ends. Incidents are placed relative to it.</param>
public sealed class SandboxStory(DateTimeOffset now)
{
    public const string Service = "reconciliation-service";
    public const string Instance = "reconciliation-service:2000";
    public const string GoodVersion = "1.14.1";
    public const string BadVersion = "1.14.2";

    /// <summary>Where the past ends.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Three days ago: version 1.14.2 dropped an index, so every query over the ledgers became slow, until it was rolled back 95 minutes later.</summary>
    public SandboxIncident BadDeployment { get; } = new(
        "Bad deployment",
        At(now.AddDays(-3), 14, 29),
        At(now.AddDays(-3), 16, 4),
        "Version 1.14.2 queried ledger_entries without an index; rolled back to 1.14.1.");

    /// <summary>Five hours ago: the partner's balance interface stopped answering for 18 minutes.</summary>
    public SandboxIncident PartnerTimeouts { get; } = new(
        "Partner timeouts",
        now.AddHours(-5).AddMinutes(-20),
        now.AddHours(-5).AddMinutes(-2),
        "The partner 'northbank' did not answer balance requests.");

    public static IReadOnlyList<SandboxRoute> Routes { get; } =
    [
        new("GET", "/api/reconciliations/{id}", 34, 14, UsesDatabase: true, UsesPartner: false),
        new("GET", "/api/reconciliations", 26, 20, UsesDatabase: true, UsesPartner: false),
        new("GET", "/api/ledgers/{ledger}/entries", 15, 26, UsesDatabase: true, UsesPartner: false),
        new("GET", "/api/discrepancies", 10, 18, UsesDatabase: true, UsesPartner: false),
        new("GET", "/api/partners/{partner}/balance", 6, 32, UsesDatabase: false, UsesPartner: true),
        new("POST", "/api/tasks/{id}/complete", 5, 12, UsesDatabase: true, UsesPartner: false),
        new("POST", "/api/feedback", 3, 9, UsesDatabase: true, UsesPartner: false),
        new("POST", "/api/reconciliations", 1, 45, UsesDatabase: true, UsesPartner: false),
    ];

    public IReadOnlyList<SandboxIncident> Incidents => [BadDeployment, PartnerTimeouts];

    public SandboxConditions ConditionsAt(DateTimeOffset at)
    {
        var load = Load(at);
        var slow = BadDeployment.Covers(at);
        var timeouts = PartnerTimeouts.Covers(at);
        return new SandboxConditions(
            RequestsPerSecond: load,
            ConcurrentUsers: load * 2.2,
            DatabaseSlowdown: slow ? 11 : 1,
            PartnerTimeoutShare: timeouts ? 0.6 : 0,
            ServerErrorShare: slow ? 0.004 : 0.00002,
            ClientErrorShare: 0.006,
            Version: slow ? BadVersion : GoodVersion,
            MismatchShare: slow ? 0.011 : 0.0028);
    }

    /// <summary>Requests per second: busy in office hours (UTC), quieter at night, half on weekends.</summary>
    public static double Load(DateTimeOffset at)
    {
        var hour = at.UtcDateTime.TimeOfDay.TotalHours;
        var day = 0.5 - (0.5 * Math.Cos((hour - 2) / 24 * 2 * Math.PI));
        var week = at.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.5 : 1;
        return (14 + (26 * day)) * week;
    }

    private static DateTimeOffset At(DateTimeOffset day, int hour, int minute) =>
        new DateTimeOffset(day.UtcDateTime.Date, TimeSpan.Zero).AddHours(hour).AddMinutes(minute);
}
