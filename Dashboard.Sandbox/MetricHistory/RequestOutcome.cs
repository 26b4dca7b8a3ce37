using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.MetricHistory;

/// <summary>One way in which requests of a route end: one set of labels in the metrics.</summary>
/// <param name="Route">The route.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="ErrorType">As in the label error_type; null where the service did not fail.</param>
public sealed record RequestOutcome(SandboxRoute Route, int Status, string? ErrorType)
{
    // As the requests of the traces and logs have it.
    private const double Sigma = 0.45;
    private const double DatabaseShare = 0.65;
    private const double PartnerTimeoutSeconds = 2.0;

    public static IReadOnlyList<RequestOutcome> All { get; } =
    [
        .. SandboxStory.Routes.SelectMany(route => (RequestOutcome[])
        [
            new(route, SuccessStatus(route), null),
            new(route, route.Route.Contains('{', StringComparison.Ordinal) ? 404 : 400, null),
            new(route, 500, "Npgsql.NpgsqlException"),
        ]),
        .. SandboxStory.Routes.Where(r => r.UsesPartner).Select(route => new RequestOutcome(route, 504, "timeout")),
    ];

    /// <summary>The share, 0 to 1, of all requests that end like this.</summary>
    public double ShareIn(SandboxConditions conditions)
    {
        var timeouts = Route.UsesPartner ? conditions.PartnerTimeoutShare : 0;
        var share = Status switch
        {
            504 => timeouts,
            500 => conditions.ServerErrorShare,
            400 or 404 => conditions.ClientErrorShare,
            _ => 1 - timeouts - conditions.ServerErrorShare - conditions.ClientErrorShare,
        };
        return share * Route.Weight / 100;
    }

    /// <summary>Durations, in seconds, of the requests that end like this.</summary>
    /// <param name="pace">Factor on all durations; 1 is ordinary.</param>
    public LogNormal DurationIn(SandboxConditions conditions, double pace)
    {
        var typical = Route.TypicalMilliseconds / 1000 * pace;
        if (Status is 504)
            return new LogNormal(PartnerTimeoutSeconds + (0.3 * typical), 0.01);
        var database = DatabaseShare * conditions.DatabaseSlowdown * (Status is 500 ? 3 : 1);
        return new LogNormal(typical * (Route.UsesDatabase ? 1 - DatabaseShare + database : 1), Sigma);
    }

    /// <summary>Mean seconds that one of these requests keeps the database busy.</summary>
    public double DatabaseSecondsIn(SandboxConditions conditions, double pace) => !Route.UsesDatabase
        ? 0
        : new LogNormal(Route.TypicalMilliseconds / 1000 * pace * DatabaseShare * conditions.DatabaseSlowdown, Sigma).Mean;

    private static int SuccessStatus(SandboxRoute route) => route.Method is "POST" && !route.Route.Contains('{', StringComparison.Ordinal) ? 201 : 200;
}
