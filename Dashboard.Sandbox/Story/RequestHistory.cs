namespace Dashboard.Sandbox.Story;

/// <summary>
/// The requests of the story's past, one by one, so that the log lines and the traces of a request are of the same request. Every second has its own
/// seed: the same story and seed give the same requests whatever range is asked for, and a sample is a subset of the whole.
/// </summary>
/// <param name="story">What happened when.</param>
/// <param name="seed">Another seed is another past with the same story.</param>
public sealed class RequestHistory(SandboxStory story, int seed = 20)
{
    /// <summary>The <c>error.type</c> of a request whose partner did not answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>How long the service waits for a partner.</summary>
    public static readonly TimeSpan PartnerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How far back the ordinary past reaches.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(6);

    private static readonly string[] Partners = ["northbank", "eastpay", "harbour", "meridian"];
    private static readonly SandboxRoute[] RouteByPercent = [.. SandboxStory.Routes.SelectMany(r => Enumerable.Repeat(r, (int)r.Weight))];
    private static readonly SandboxRoute BalanceRoute = SandboxStory.Routes.First(r => r.UsesPartner);

    public SandboxStory Story => story;

    /// <summary>
    /// What is kept of the past as documents: the last six minutes whole, the six hours before it and the older incident (with half an hour around it)
    /// in samples. Samples are uniform, so that shares (of errors, of timeouts) are those of the whole. Ascending in time.
    /// </summary>
    public IEnumerable<PastRequest> Sampled() =>
    [
        .. Between(story.BadDeployment.Start.AddMinutes(-30), Earlier(story.BadDeployment.End.AddMinutes(30), story.Now - Reach), oneIn: 40),
        .. Between(story.Now - Reach, story.Now.AddMinutes(-6), oneIn: 40),
        .. Between(story.Now.AddMinutes(-6), story.Now, oneIn: 1),
    ];

    /// <summary>The requests received in a range (whole seconds), every n-th of them, ascending in time.</summary>
    public IEnumerable<PastRequest> Between(DateTimeOffset start, DateTimeOffset end, int oneIn)
    {
        for (var second = start.ToUnixTimeSeconds(); second < end.ToUnixTimeSeconds(); second++)
        {
            var random = new Random(HashCode(second));
            var at = DateTimeOffset.FromUnixTimeSeconds(second);
            var conditions = story.ConditionsAt(at);
            var count = (int)(conditions.RequestsPerSecond + random.NextDouble());
            for (var i = 0; i < count; i++)
            {
                var received = at.AddTicks((long)((i + random.NextDouble()) / count * TimeSpan.TicksPerSecond));
                if (Next(random, conditions, received, oneIn) is { } request)
                    yield return request;
            }
        }
    }

    private PastRequest? Next(Random random, SandboxConditions conditions, DateTimeOffset at, int oneIn)
    {
        // All dice are thrown whether or not the request is kept: the ones after it must not depend on that.
        var traceId = new UInt128((ulong)random.NextInt64(1, long.MaxValue), (ulong)random.NextInt64());
        var spanId = (ulong)random.NextInt64(1, long.MaxValue);
        var route = RouteByPercent[random.Next(RouteByPercent.Length)];
        var normal = Gaussian(random);
        var fate = random.NextDouble();
        var number = random.Next();
        if ((ulong)traceId % (ulong)oneIn != 0)
            return null;

        var milliseconds = route.TypicalMilliseconds * Math.Exp(normal * 0.45);
        var database = route.UsesDatabase ? milliseconds * 0.65 * conditions.DatabaseSlowdown : 0;
        var partner = route.UsesPartner ? milliseconds * 0.7 : 0;
        var own = milliseconds * (route.UsesDatabase ? 0.35 : route.UsesPartner ? 0.3 : 1);
        var (status, type, message) = (route.Method is "POST" && route.Route.EndsWith("feedback", StringComparison.Ordinal) ? 201 : 200, (string?)null, (string?)null);
        var name = route == BalanceRoute && conditions.PartnerTimeoutShare > 0 ? Partners[0] : Partners[number % Partners.Length];

        if (fate < conditions.ServerErrorShare)
        {
            (status, type) = (500, "Npgsql.NpgsqlException");
            message = "Exception while reading from stream: the statement was cancelled after its time limit.";
            if (route.UsesDatabase)
                database *= 3;
        }
        else if (fate < conditions.ServerErrorShare + conditions.ClientErrorShare)
        {
            status = route.Route.Contains('{', StringComparison.Ordinal) ? 404 : 400;
        }
        else if (route.UsesPartner && fate > 1 - conditions.PartnerTimeoutShare)
        {
            partner = PartnerTimeout.TotalMilliseconds;
            (status, type, message) = (504, Timeout, $"The partner '{name}' did not answer within {PartnerTimeout.TotalSeconds:0} s.");
        }

        var duration = TimeSpan.FromMilliseconds(own + database + partner);
        if (at + duration > story.Now)
            return null;
        return new PastRequest
        {
            At = at,
            Route = route,
            Path = PathOf(route, number, name),
            Status = status,
            Duration = duration,
            DatabaseTime = TimeSpan.FromMilliseconds(database),
            PartnerTime = TimeSpan.FromMilliseconds(partner),
            ErrorType = type,
            ErrorMessage = message,
            TraceId = traceId,
            SpanId = spanId,
            Version = conditions.Version,
            User = number % 400,
        };
    }

    private static string PathOf(SandboxRoute route, int number, string partner) => route.Route
        .Replace("{id}", (1 + (number % 12_000)).ToString(), StringComparison.Ordinal)
        .Replace("{ledger}", number % 2 is 0 ? "internal" : "partner", StringComparison.Ordinal)
        .Replace("{partner}", partner, StringComparison.Ordinal);

    // Box and Muller's transform; 1 - x keeps the logarithm away from zero.
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    // System.HashCode differs from process to process; the past must not.
    private int HashCode(long second) => unchecked((int)((second * 2_654_435_761) ^ (seed * 40_503L)));
}
