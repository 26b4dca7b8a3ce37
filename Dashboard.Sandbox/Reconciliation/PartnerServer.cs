using Dashboard.Sandbox.Faults;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>Stands in for the partner's balance interface, which the timeouts fault makes silent.</summary>
public sealed class PartnerServer : IAsyncDisposable
{
    private readonly WebApplication server;

    private PartnerServer(WebApplication server) => this.server = server;

    /// <summary>The partners that there are.</summary>
    public static IReadOnlyList<string> Partners { get; } = ["northbank", "eastbank", "westbank"];

    /// <summary>Where it listens.</summary>
    public Uri Address => new(server.Urls.First());

    /// <param name="port">Loopback port; 0 takes a free one.</param>
    /// <param name="faults">Tells whether to stay silent.</param>
    /// <param name="clock">Measures the silence.</param>
    public static async Task<PartnerServer> StartAsync(int port, FaultSet faults, TimeProvider clock, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Settings that lie in the working directory are the dashboard's.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReconciliationJson.Default));
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.MapGet("/balances/{partner}", async Task<IResult> (string partner, CancellationToken aborted) =>
        {
            if (!Partners.Contains(partner, StringComparer.Ordinal))
                return TypedResults.NotFound();
            if (Random.Shared.NextDouble() < faults.IntensityOf(Fault.Timeouts))
                await Task.Delay(TimeSpan.FromSeconds(30), clock, aborted);
            var now = clock.GetUtcNow();
            return TypedResults.Ok(new BalanceAnswer(partner, "EUR", Balance(partner, now), now));
        });
        await app.StartAsync(cancellation);
        return new PartnerServer(app);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static decimal Balance(string partner, DateTimeOffset now) =>
        (partner.Sum(letter => letter) * 1000m) + (now.ToUnixTimeSeconds() / 60 % 10_000);
}
