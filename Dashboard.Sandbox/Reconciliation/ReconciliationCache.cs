using System.Diagnostics;
using StackExchange.Redis;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>Keeps answers in Redis for a while. Without Redis every look is a miss: the service is slower then, not broken.</summary>
internal sealed partial class ReconciliationCache(
    string? address, ReconciliationMetrics metrics, ILogger<ReconciliationCache> log) : IAsyncDisposable
{
    public const string ActivityName = "Reconciliation.Cache";
    private static readonly ActivitySource Activities = new(ActivityName);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private ConnectionMultiplexer? connection;
    private int complained;

    public async Task ConnectAsync()
    {
        if (address is null)
            return;
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 1000;
        options.AsyncTimeout = 500;
        options.SyncTimeout = 500;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ClientName = "reconciliation-service";
        connection = await ConnectionMultiplexer.ConnectAsync(options);
    }

    public async Task<byte[]?> GetAsync(string key)
    {
        if (connection is null)
            return null;
        using var activity = Start("GET");
        try
        {
            byte[]? value = await connection.GetDatabase().StringGetAsync(key);
            activity?.SetTag("cache.hit", value is not null);
            metrics.CacheAsked(value is null ? "miss" : "hit");
            complained = 0;
            return value;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            Complain(activity, failure);
            return null;
        }
    }

    public async Task SetAsync(string key, byte[] value)
    {
        if (connection is null)
            return;
        using var activity = Start("SET");
        try
        {
            await connection.GetDatabase().StringSetAsync(key, value, Kept);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            Complain(activity, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
    }

    private static Activity? Start(string operation)
    {
        var activity = Activities.StartActivity(operation, ActivityKind.Client);
        activity?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);
        return activity;
    }

    private void Complain(Activity? activity, Exception failure)
    {
        metrics.CacheAsked("unavailable");
        activity?.SetStatus(ActivityStatusCode.Error, failure.Message).SetTag("error.type", failure.GetType().FullName);
        // Once an outage: each request would say the same.
        if (Interlocked.Exchange(ref complained, 1) == 0)
            Unavailable(failure);
    }

    [LoggerMessage(LogLevel.Warning, "The cache does not answer; requests are served from the database.")]
    private partial void Unavailable(Exception failure);
}
