using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>The service's own metrics, beside those of the standard instrumentation.</summary>
internal sealed class ReconciliationMetrics : IDisposable
{
    public const string MeterName = "Reconciliation";
    private const int MostUsers = 100_000;
    private static readonly TimeSpan Active = TimeSpan.FromMinutes(1);

    private readonly TimeProvider clock;
    private readonly Meter meter;
    private readonly Counter<long> cacheRequests;
    private readonly ConcurrentDictionary<string, long> lastSeen = new(StringComparer.Ordinal);

    public ReconciliationMetrics(TimeProvider clock, IMeterFactory meters, string version)
    {
        this.clock = clock;
        meter = meters.Create(MeterName, version);
        meter.CreateObservableGauge("reconciliation.active_users", ActiveUsers, null, "Distinct users with a request in the last minute.");
        meter.CreateObservableGauge(
            "reconciliation.build_info",
            () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)),
            null,
            "1, with the version that runs.");
        cacheRequests = meter.CreateCounter<long>("reconciliation.cache.requests", null, "Looks into the cache, by what came of them.");
    }

    /// <summary>Distinct users who sent a request in the last minute.</summary>
    public int ActiveUsers()
    {
        foreach (var (user, at) in lastSeen)
        {
            if (clock.GetElapsedTime(at) > Active)
                lastSeen.TryRemove(new KeyValuePair<string, long>(user, at));
        }

        return lastSeen.Count;
    }

    public void Saw(string user)
    {
        if (lastSeen.Count < MostUsers)
            lastSeen[user] = clock.GetTimestamp();
    }

    /// <param name="result"><c>hit</c>, <c>miss</c> or <c>unavailable</c>.</param>
    public void CacheAsked(string result) => cacheRequests.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
