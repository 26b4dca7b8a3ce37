using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.IO.Pipelines;
using Dashboard.Web.Shell;
using Microsoft.Extensions.Primitives;

namespace Dashboard.Web.Scorecards;

/// <summary>
/// Sends every snapshot to every viewer. An event is serialized and compressed once; a viewer costs its connection and one number, the last
/// snapshot it was sent. One that is too slow for every event is sent the newest state instead of a backlog.
/// </summary>
public sealed class ScorecardStream : IDisposable
{
    /// <summary>The meter of the bytes sent to each viewer.</summary>
    public const string MeterName = "Dashboard.Web.Scorecards";

    private const int Kept = 8;
    private const int LinesPerEvent = 4;
    private readonly TimeProvider _clock;
    private readonly Meter _meter;
    private readonly Dictionary<string, string> _sentLines = new(StringComparer.Ordinal);
    private int _nextLine;
    private int _viewers;
    private State _state = State.Empty();

    public ScorecardStream(TimeProvider clock, IMeterFactory meters)
    {
        _clock = clock;
        Epoch = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge("dashboard.scorecard.event.size", () => EventBytes, "By", "Compressed size of the newest event, which each viewer is sent.");
    }

    /// <summary>Tells this run of the server from the one before.</summary>
    public string Epoch { get; }

    /// <summary>Open streams.</summary>
    public int Viewers => Volatile.Read(ref _viewers);

    /// <summary>How often an event was serialized since the start; viewers do not change it.</summary>
    public long Serializations { get; private set; }

    /// <summary>Compressed size of the newest event.</summary>
    public int EventBytes => Current.Events is [.., var newest] ? newest.Payload.Deflated.Length : 0;

    private State Current => Volatile.Read(ref _state);

    /// <summary>Makes a snapshot the newest and wakes all viewers. Called by one publisher, never at once by two.</summary>
    /// <param name="view">The snapshot.</param>
    /// <param name="headline">Its headline as HTML.</param>
    public void Publish(ScorecardView view, string headline)
    {
        var before = Current;
        var full = new Lazy<EventPayload>(() => new EventPayload(ScorecardEvent.Full(Epoch, view, headline)));
        var events = before.Events;
        if (before.View is { } previous && previous.Shape == view.Shape)
        {
            var delta = ScorecardEvent.Delta(Epoch, view, previous, headline == before.Headline ? null : headline, NextLines(view));
            Serializations++;
            events = events.Add(new Event(previous.Sequence, view.Sequence, new EventPayload(delta)));
            if (events.Length > Kept)
                events = events.RemoveAt(0);
        }
        else
        {
            // Nothing to patch: the first snapshot, or other KPIs than before. Open pages get everything and reload themselves if they must.
            events = [];
            foreach (var card in view.Cards)
                _sentLines[card.Id] = card.Line;
        }

        Swap(new State(view, headline, events, full));
    }

    /// <summary>Wakes all viewers without news, so that nothing on the way takes their streams for dead.</summary>
    public void Beat()
    {
        var current = Current;
        Swap(new State(current.View, current.Headline, current.Events, current.Full));
    }

    /// <summary>Ends all streams, for good.</summary>
    public void Close() => Swap(State.Empty() with { IsClosed = true });

    /// <summary>Answers a request for the stream; returns when the viewer leaves or the stream is closed.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var state = Current;
        if (state.IsClosed)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var packed = PreparedContent.Accepts(context.Request.Headers.AcceptEncoding, "gzip");
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-store, no-transform";
        headers.Vary = "Accept-Encoding";
        headers["X-Accel-Buffering"] = "no"; // a proxy that collects a whole answer would never send one
        if (packed)
            headers.ContentEncoding = "gzip";

        Interlocked.Increment(ref _viewers);
        try
        {
            var seen = Since(context.Request);
            var output = context.Response.BodyWriter;
            if (packed)
                output.Write(EventPayload.GzipHeader.Span);
            Write(output, new EventPayload(ScorecardEvent.Hello(Epoch, state.View?.Shape ?? "", state.View?.Sequence ?? 0, _clock.GetUtcNow())), packed);

            for (var opening = true; !state.IsClosed; opening = false)
            {
                if (state.View is { } view && view.Sequence != seen)
                {
                    if (!WriteEvents(output, state.Events, seen, packed))
                        Write(output, state.Full!.Value, packed);
                    seen = view.Sequence;
                }
                else if (!opening)
                {
                    Write(output, EventPayload.Heartbeat, packed);
                }

                // A viewer that does not read holds only itself up: its writes wait here, without any reference to what it has yet to get.
                var next = state.Next;
                state = null!;
                var flushed = await output.FlushAsync(CancellationToken.None);
                if (flushed.IsCompleted || context.RequestAborted.IsCancellationRequested)
                    return;
                await next;
                if (context.RequestAborted.IsCancellationRequested)
                    return;
                state = Current;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _viewers);
        }
    }

    public void Dispose() => _meter.Dispose();

    private static void Write(PipeWriter output, EventPayload payload, bool packed) =>
        output.Write((packed ? payload.Deflated : payload.Plain).Span);

    /// <summary>Writes the events that follow a snapshot; false, with nothing written, where they are not all there any more.</summary>
    private static bool WriteEvents(PipeWriter output, ImmutableArray<Event> events, long seen, bool packed)
    {
        var first = 0;
        while (first < events.Length && events[first].Previous != seen)
            first++;
        if (first == events.Length)
            return false;
        for (; first < events.Length; first++)
            Write(output, events[first].Payload, packed);
        return true;
    }

    /// <summary>The snapshot that a viewer has already, by its number in this run of the server; −1 where it has none of this run.</summary>
    private long Since(HttpRequest request)
    {
        var last = request.Headers["Last-Event-ID"];
        var text = (StringValues.IsNullOrEmpty(last) ? request.Query["since"] : last).ToString();
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && text.AsSpan(0, dash).SequenceEqual(Epoch)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : -1;
    }

    /// <summary>A few of the lines that changed, each in its turn: all of them every time would be most of the event.</summary>
    private HashSet<string> NextLines(ScorecardView view)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        var count = view.Cards.Length;
        for (var i = 0; i < count && lines.Count < LinesPerEvent; i++)
        {
            var card = view.Cards[(_nextLine + i) % count];
            if (_sentLines.GetValueOrDefault(card.Id) == card.Line)
                continue;
            _sentLines[card.Id] = card.Line;
            lines.Add(card.Id);
            if (lines.Count == LinesPerEvent)
                _nextLine = (_nextLine + i + 1) % count;
        }

        return lines;
    }

    private void Swap(State next)
    {
        var before = Interlocked.Exchange(ref _state, next);
        before.Wake();
    }

    private sealed record Event(long Previous, long Sequence, EventPayload Payload);

    private sealed record State(ScorecardView? View, string Headline, ImmutableArray<Event> Events, Lazy<EventPayload>? Full)
    {
        private readonly TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsClosed { get; init; }

        /// <summary>Completes when there is a newer state.</summary>
        public Task Next => _next.Task;

        public static State Empty() => new(null, "", [], null);

        public void Wake() => _next.TrySetResult();
    }
}
