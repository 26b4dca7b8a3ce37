using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Story;
using Npgsql;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>
/// The reference service: reconciles two ledgers and is monitored as a real one would be. <c>/metrics</c> is its scrape target,
/// <c>/healthz</c> its probe, <c>/sandbox/faults</c> what makes it go wrong.
/// </summary>
public static class ReconciliationService
{
    private const int LargestPool = 40;

    /// <summary>
    /// What to start its process with, to stay under the documented 128 MB: one heap, collected on the spot, with a hard limit of 64 MB.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment { get; } = new Dictionary<string, string>
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCHeapHardLimit"] = "0x4000000",
        ["DOTNET_GCgen0size"] = "0x400000",
        // Code is compiled once, not first badly and then well, with both kept.
        ["DOTNET_TieredCompilation"] = "0",
        // Code pages mapped twice, and an allocator's arena a thread, count as resident and serve nothing here.
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["MALLOC_ARENA_MAX"] = "2",
    };

    /// <summary>Runs the service until it is told to stop.</summary>
    /// <returns>The exit code: 0, or 2 when a setting is unusable.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        ReconciliationOptions options;
        try
        {
            options = ReconciliationOptions.Read(args);
        }
        catch (FormatException unusable)
        {
            await Console.Error.WriteLineAsync($"service: {unusable.Message}");
            return 2;
        }

        await using var app = await StartAsync(options, TimeProvider.System, CancellationToken.None);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Starts the service in this process.</summary>
    /// <returns>The running service; its first URL is its address.</returns>
    internal static async Task<WebApplication> StartAsync(ReconciliationOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Dashboard.Sandbox", LogLevel.Information);
        builder.AddReconciliationTelemetry();
        AddParts(builder.Services, options, clock);

        var app = builder.Build();
        var faults = app.Services.GetRequiredService<FaultSet>();
        app.UseMiddleware<RequestRecorder>();
        app.UseStatusCodePages();
        app.MapPrometheusScrapingEndpoint().DisableHttpMetrics();
        app.MapGet("/healthz", () => "ok").DisableHttpMetrics();
        app.MapFaults(faults);
        app.MapReconciliation(faults);

        app.Services.GetRequiredService<ReconciliationMetrics>();
        await app.Services.GetRequiredService<ReconciliationCache>().ConnectAsync();
        await app.StartAsync(cancellation);
        return app;
    }

    private static void AddParts(IServiceCollection services, ReconciliationOptions options, TimeProvider clock)
    {
        services.AddProblemDetails();
        // Stopped by hand in a sandbox: whoever waits for a partner must not hold that up.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReconciliationJson.Default));
        services.AddSingleton(clock);
        services.AddSingleton<FaultSet>();
        services.AddSingleton(_ => Database(options.Database));
        services.AddSingleton<FaultableDatabase>();
        services.AddSingleton<LedgerStore>();
        services.AddSingleton<TaskStore>();
        services.AddSingleton(provider => new ReconciliationMetrics(
            clock, provider.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), SandboxStory.GoodVersion));
        services.AddSingleton(provider => new ReconciliationCache(
            options.Redis, provider.GetRequiredService<ReconciliationMetrics>(), provider.GetRequiredService<ILogger<ReconciliationCache>>()));
        services.AddSingleton(_ => new PartnerClient(Client(options.Partner, PartnerClient.Timeout)));
        services.AddSingleton(_ => new LogSender(
            options.Elasticsearch is { } address ? Client(address, TimeSpan.FromSeconds(5)) : null, clock));
        services.AddSingleton<ILoggerProvider, EcsLoggerProvider>();
        services.AddHostedService(provider => provider.GetRequiredService<LogSender>());
        services.AddSingleton<LedgerActivity>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerActivity>());
        services.AddSingleton<GrowingMemory>();
        services.AddHostedService(provider => provider.GetRequiredService<GrowingMemory>());
    }

    private static NpgsqlDataSource Database(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = SandboxStory.Service,
            MinPoolSize = 2,
            MaxPoolSize = LargestPool,
            MaxAutoPrepare = 30,
            Timeout = 10,
            CommandTimeout = 20,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = ReconciliationDatabase.Name };
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandSpanNameProvider(command => SpanName(command.CommandText)));
        return builder.Build();
    }

    /// <summary>Statements begin with a comment that says what they are for: the best name of their span.</summary>
    private static string? SpanName(string statement) =>
        statement.StartsWith("/* ", StringComparison.Ordinal) && statement.IndexOf(" */", StringComparison.Ordinal) is > 3 and var end
            ? statement[3..end]
            : null;

    private static HttpClient Client(Uri address, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxConnectionsPerServer = 64,
        UseProxy = false,
    })
    {
        BaseAddress = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"),
        Timeout = timeout,
    };
}
