using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Dashboard.Core.Collection;

/// <summary>The latest scorecard, and a stream of those that follow.</summary>
public sealed class ScorecardFeed
{
    private ImmutableArray<Channel<Scorecard>> _watchers = [];
    private Scorecard _latest = Scorecard.Empty;

    public Scorecard Latest => Volatile.Read(ref _latest);

    public void Publish(Scorecard scorecard)
    {
        Volatile.Write(ref _latest, scorecard);
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(scorecard);
    }

    /// <summary>The latest scorecard if there is one, then each new one. A slow watcher misses those in between and never holds anyone up.</summary>
    public async IAsyncEnumerable<Scorecard> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<Scorecard>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        // Registered before the latest is read: one published in between is seen twice rather than never.
        ImmutableInterlocked.Update(ref _watchers, (list, added) => list.Add(added), channel);
        try
        {
            var latest = Latest;
            var seen = latest.Sequence;
            if (seen > 0)
                yield return latest;

            await foreach (var next in channel.Reader.ReadAllAsync(cancellation))
            {
                if (next.Sequence <= seen)
                    continue;
                seen = next.Sequence;
                yield return next;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _watchers, (list, removed) => list.Remove(removed), channel);
        }
    }
}
