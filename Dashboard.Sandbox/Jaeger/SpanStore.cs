using System.Runtime.InteropServices;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>
/// Spans by trace, in memory, within a bound of spans and bytes that always holds: the traces that came first are dropped first. What was kept as the past
/// is not dropped, but takes part in the bound (and is refused beyond it). Safe for many threads.
/// </summary>
internal sealed class SpanStore(int maxSpans, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, StoredTrace> _traces = [];
    private readonly Queue<UInt128> _live = [];
    private int _spans;
    private long _bytes;

    public int SpanCount
    {
        get
        {
            lock (_lock)
                return _spans;
        }
    }

    public int TraceCount
    {
        get
        {
            lock (_lock)
                return _traces.Count;
        }
    }

    /// <summary>Estimated.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>Takes spans in; the oldest live traces make room.</summary>
    public void Add(IEnumerable<Span> spans)
    {
        lock (_lock)
        {
            foreach (var span in spans)
            {
                Put(span, live: true);
                while ((_spans > maxSpans || _bytes > maxBytes) && _live.TryDequeue(out var oldest))
                    Drop(oldest);
            }
        }
    }

    /// <summary>Takes a trace in that stays. False, and nothing taken, where it does not fit in.</summary>
    public bool Keep(IReadOnlyCollection<Span> trace)
    {
        lock (_lock)
        {
            if (_spans + trace.Count > maxSpans || _bytes + trace.Sum(SpanSize.Of) > maxBytes)
                return false;
            foreach (var span in trace)
                Put(span, live: false);
            return true;
        }
    }

    public Span[]? Get(UInt128 traceId)
    {
        lock (_lock)
            return _traces.TryGetValue(traceId, out var trace) ? [.. trace.Spans] : null;
    }

    /// <summary>
    /// The traces found, the newest where there are more than the limit, in an order without meaning: a client must not rely on one.
    /// </summary>
    public Span[][] Find(SpanSearch search)
    {
        var newest = new PriorityQueue<StoredTrace, long>();
        lock (_lock)
        {
            foreach (var trace in _traces.Values)
            {
                if (trace.Latest < search.From || trace.Earliest > search.To || !Fits(trace, search))
                    continue;
                newest.Enqueue(trace, trace.Earliest);
                if (newest.Count > search.Limit)
                    newest.Dequeue();
            }

            return [.. newest.UnorderedItems.Select(i => i.Element).OrderBy(t => (ulong)t.Id).Select(t => t.Spans.ToArray())];
        }
    }

    public string[] Services() =>
        [.. Distinct(s => s.Resource.Service).Order(StringComparer.Ordinal)];

    /// <summary>Names and kinds of a service's spans.</summary>
    public (string Name, string Kind)[] Operations(string service, string? kind) =>
        [.. Distinct(s => (s.Resource.Service, s.Name, s.KindName))
            .Where(o => o.Service == service && (string.IsNullOrEmpty(kind) || o.KindName == kind))
            .Select(o => (o.Name, o.KindName))
            .Order()];

    /// <summary>How often which service called which: spans whose parent is another service's, by the time of the span, nanoseconds since 1970.</summary>
    public (string Parent, string Child, long Calls)[] Dependencies(long from, long to)
    {
        var calls = new Dictionary<(string, string), long>();
        var byId = new Dictionary<ulong, Span>();
        lock (_lock)
        {
            foreach (var trace in _traces.Values.Where(t => t.Latest >= from && t.Earliest <= to))
            {
                byId.Clear();
                foreach (var span in trace.Spans)
                    byId[span.SpanId] = span;
                foreach (var span in trace.Spans)
                {
                    if (span.ParentId is not 0 && span.Start >= from && span.Start <= to
                        && byId.TryGetValue(span.ParentId, out var parent) && parent.Resource.Service != span.Resource.Service)
                        CollectionsMarshal.GetValueRefOrAddDefault(calls, (parent.Resource.Service, span.Resource.Service), out _)++;
                }
            }
        }

        return [.. calls.Select(c => (c.Key.Item1, c.Key.Item2, c.Value)).Order()];
    }

    private static bool Fits(StoredTrace trace, SpanSearch search)
    {
        foreach (var span in trace.Spans)
        {
            if (search.Fits(span))
                return true;
        }

        return false;
    }

    private HashSet<T> Distinct<T>(Func<Span, T> by)
    {
        lock (_lock)
        {
            var found = new HashSet<T>();
            foreach (var trace in _traces.Values)
            {
                foreach (var span in trace.Spans)
                    found.Add(by(span));
            }

            return found;
        }
    }

    private void Put(Span span, bool live)
    {
        ref var trace = ref CollectionsMarshal.GetValueRefOrAddDefault(_traces, span.TraceId, out var known);
        if (!known)
        {
            trace = new StoredTrace(span.TraceId);
            if (live)
                _live.Enqueue(span.TraceId);
        }

        var size = SpanSize.Of(span);
        trace!.Add(span, size);
        _spans++;
        _bytes += size;
    }

    private void Drop(UInt128 traceId)
    {
        if (!_traces.Remove(traceId, out var trace))
            return;
        _spans -= trace.Spans.Count;
        _bytes -= trace.Bytes;
    }

    private sealed class StoredTrace(UInt128 id)
    {
        public UInt128 Id => id;

        public List<Span> Spans { get; } = [];

        public long Earliest { get; private set; } = long.MaxValue;

        public long Latest { get; private set; } = long.MinValue;

        public long Bytes { get; private set; }

        public void Add(Span span, long size)
        {
            Spans.Add(span);
            Bytes += size;
            Earliest = Math.Min(Earliest, span.Start);
            Latest = Math.Max(Latest, span.Start);
        }
    }
}
