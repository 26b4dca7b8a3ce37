using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Reconciliation;
using Dashboard.Sandbox.Servers;
using Dashboard.Sandbox.Supervision;
using Npgsql;

[assembly: AssemblyFixture(typeof(Dashboard.Tests.Sandbox.Reconciliation.ReconciliationFixture))]

namespace Dashboard.Tests.Sandbox.Reconciliation;

/// <summary>One PostgreSQL, one Redis and one running reference service for all tests that need them, started by the first that does.</summary>
public sealed class ReconciliationFixture : IAsyncDisposable
{
    public static readonly ReconciliationPasswords Passwords = new("app'\"; drop", "reader", "exporter");

    private readonly Lazy<Task<PostgresServer>> postgres = new(() => PostgresServer.StartAsync(new PostgresOptions(), CancellationToken.None));
    private readonly Lazy<Task<RunningService>> service;
    private int databases;

    public ReconciliationFixture() => service = new(StartServiceAsync);

    public Task<PostgresServer> PostgresAsync() => postgres.Value;

    public Task<RunningService> ServiceAsync() => service.Value;

    /// <summary>A database of its own, with the schema and nothing else, opened by the service's role.</summary>
    public async Task<NpgsqlDataSource> EmptyDatabaseAsync(string? name = null)
    {
        name ??= $"reconciliation_{Interlocked.Increment(ref databases)}";
        var server = await PostgresAsync();
        await ReconciliationDatabase.ApplyAsync(server.ConnectionString(), Passwords, name, CancellationToken.None);
        return NpgsqlDataSource.Create(server.ConnectionString(ReconciliationDatabase.AppRole, Passwords.App, name));
    }

    public async ValueTask DisposeAsync()
    {
        if (service.IsValueCreated)
            await (await service.Value).DisposeAsync();
        if (postgres.IsValueCreated)
            await (await postgres.Value).DisposeAsync();
    }

    private async Task<RunningService> StartServiceAsync()
    {
        var server = await PostgresAsync();
        (await EmptyDatabaseAsync(ReconciliationDatabase.Name)).Dispose();
        var redis = await RedisServer.StartAsync(new RedisOptions(), CancellationToken.None);
        var partnerFaults = new FaultSet(TimeProvider.System);
        var partner = await PartnerServer.StartAsync(0, partnerFaults, TimeProvider.System, CancellationToken.None);
        var sink = await BulkSink.StartAsync();
        // In a process of its own: hosts that share one would count each other's requests.
        var directory = Directory.CreateTempSubdirectory("reconciliation-test-").FullName;
        var port = LoopbackPort.Free();
        var app = await DotnetServer.StartAsync(
            new DotnetServerOptions(
                "service", typeof(ReconciliationService).Assembly.Location, ["service", "--port", $"{port}"], port, directory)
            {
                Environment = new Dictionary<string, string>(ReconciliationService.ProcessEnvironment)
                {
                    ["RECONCILIATION_DATABASE"] =
                        server.ConnectionString(ReconciliationDatabase.AppRole, Passwords.App, ReconciliationDatabase.Name),
                    ["RECONCILIATION_REDIS"] = redis.Address,
                    ["RECONCILIATION_PARTNER"] = partner.Address.AbsoluteUri,
                    ["RECONCILIATION_ELASTICSEARCH"] = sink.Address.AbsoluteUri,
                },
            },
            CancellationToken.None);
        return new RunningService(app, redis, partner, partnerFaults, sink);
    }
}

/// <summary>The reference service, with all that it talks to.</summary>
public sealed class RunningService(DotnetServer app, RedisServer redis, PartnerServer partner, FaultSet partnerFaults, BulkSink logs)
    : IAsyncDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = app.Address };

    public FaultSet PartnerFaults => partnerFaults;

    public BulkSink Logs => logs;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        await partner.DisposeAsync();
        await logs.DisposeAsync();
        await redis.DisposeAsync();
        Directory.Delete(app.DataDirectory, recursive: true);
    }
}
