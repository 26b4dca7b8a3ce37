using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Scorecards;

/// <summary>
/// Follows the feed and makes of each snapshot the page and then the event: in this order, so that a page that is loaded at any moment can be
/// brought up to date by the events after it.
/// </summary>
public sealed partial class ScorecardPublisher(
    ScorecardFeed feed, KpiCatalog catalog, ScorecardDocument document, ScorecardStream stream, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<ScorecardPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private long _published;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server listens: nobody ever sees no page at all.
        await PublishAsync(feed.Latest);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Streams end when the stop begins, not when the host has waited for them in vain.
        await using var ending = lifetime.ApplicationStopping.Register(stream.Close);
        await Task.WhenAll(FollowAsync(stoppingToken), BeatAsync(stoppingToken));
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        await foreach (var scorecard in feed.WatchAsync(cancellation))
        {
            try
            {
                await PublishAsync(scorecard);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The page shows the snapshot before and says how old it is; the next one is tried anew.
                LogFailed(e, scorecard.Sequence);
            }
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Heartbeat, clock);
        for (var last = -1L; await timer.WaitForNextTickAsync(cancellation);)
        {
            var published = Volatile.Read(ref _published);
            if (published == last)
                stream.Beat();
            last = published;
        }
    }

    private async Task PublishAsync(Scorecard scorecard)
    {
        var view = ScorecardView.Of(scorecard, catalog);
        var headline = await document.RenderAsync(view);
        stream.Publish(view, headline);
        Interlocked.Increment(ref _published);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Snapshot {Sequence} could not be rendered")]
    private partial void LogFailed(Exception exception, long sequence);
}
