using System.Net;
using Dashboard.Core.Collection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dashboard.Web.Hosting;

/// <summary>Prints where the dashboard is, once there is something to see: when every KPI was read, or failed, for the first time.</summary>
public sealed class ReadyAnnouncer(ScorecardFeed feed, IServer server, IHostApplicationLifetime lifetime, TextWriter output) : BackgroundService
{
    /// <summary>An address a person can open: a wildcard is not one.</summary>
    public static string Readable(string address) => BindingAddress.Parse(address) is var binding && binding.Host is "0.0.0.0" or "[::]" or "*" or "+"
        ? $"{binding.Scheme}://{IPAddress.Loopback}:{binding.Port}"
        : address;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var scorecard in feed.WatchAsync(stoppingToken))
        {
            if (!scorecard.IsComplete)
                continue;

            // Hosted services start before the server listens: with fast sources the scorecard may be first.
            await StartedAsync(stoppingToken);
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            await output.WriteLineAsync($"Dashboard ready: {(address is null ? "(no address)" : Readable(address))}".AsMemory(), stoppingToken);
            await output.FlushAsync(stoppingToken);
            return;
        }
    }

    private async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }
}
