using CsCheck;
using Dashboard.Sandbox.Jaeger;

namespace Dashboard.Tests.Sandbox.Jaeger;

public sealed class SpanStoreTests
{
    private static readonly SpanResource Shop = new("shop", []);
    private static readonly SpanScope Scope = new("test", "");

    [Fact]
    public void The_bounds_hold_whatever_arrives()
    {
        var span = Gen.Select(Gen.UInt[1, 40], Gen.ULong, Gen.Long[0, 1_000], Gen.String[0, 60]);
        span.List[0, 200].Sample(spans =>
        {
            var store = new SpanStore(maxSpans: 50, maxBytes: 9_000);
            foreach (var (trace, id, start, text) in spans)
            {
                store.Add([Make(trace, id, start, text)]);
                Assert.InRange(store.SpanCount, 0, 50);
                Assert.InRange(store.Bytes, 0, 9_000);
            }

            Assert.Equal(store.SpanCount, store.Find(new SpanSearch(0, long.MaxValue, 1_000)).Sum(t => t.Length));
        }, iter: 300);
    }

    [Fact]
    public void The_trace_that_came_first_goes_first()
    {
        var store = new SpanStore(maxSpans: 3, maxBytes: long.MaxValue);
        for (uint trace = 1; trace <= 4; trace++)
            store.Add([Make(trace, 1, trace)]);

        Assert.Null(store.Get(1));
        Assert.NotNull(store.Get(2));
        Assert.NotNull(store.Get(4));
    }

    [Fact]
    public void The_past_stays_while_live_traces_come_and_go()
    {
        var store = new SpanStore(maxSpans: 3, maxBytes: long.MaxValue);
        Assert.True(store.Keep([Make(100, 1, 0)]));
        for (uint trace = 1; trace <= 40; trace++)
            store.Add([Make(trace, 1, trace)]);

        Assert.NotNull(store.Get(100));
        Assert.Equal(3, store.SpanCount);
        Assert.False(store.Keep([Make(101, 1, 0)]));
    }

    [Fact]
    public void A_search_finds_what_a_plain_filter_finds()
    {
        var search = Gen.Select(Gen.Long[0, 100], Gen.Long[0, 100], Gen.Long[0, 50]);
        Gen.Select(Gen.Select(Gen.UInt[1, 20], Gen.Long[0, 100], Gen.Long[0, 50]).List[0, 60], search).Sample((spans, asked) =>
        {
            var (from, to, least) = asked;
            var store = new SpanStore(1_000, long.MaxValue);
            foreach (var (trace, start, length) in spans)
                store.Add([Make(trace, 1, start, length: length)]);

            var found = store.Find(new SpanSearch(from, to, 1_000) { LeastDuration = least }).Select(t => t[0].TraceId).ToHashSet();

            Assert.Equal(spans.Where(s => s.Item2 >= from && s.Item2 <= to && s.Item3 >= least).Select(s => (UInt128)s.Item1).ToHashSet(), found);
        }, iter: 300);
    }

    [Theory]
    [InlineData("1.2s", 1_200_000_000L)]
    [InlineData("100ms", 100_000_000L)]
    [InlineData("1h15m30.5s", 4_530_500_000_000)]
    [InlineData("15us", 15_000L)]
    [InlineData("15µs", 15_000L)]
    [InlineData("0", 0L)]
    [InlineData("5", null)]
    [InlineData("", null)]
    [InlineData("-1s", null)]
    [InlineData("1s ", null)]
    [InlineData("999999999999h", null)]
    public void Durations_are_read_as_go_writes_them(string text, long? nanoseconds) => Assert.Equal(nanoseconds, GoDuration.Parse(text));

    private static Span Make(uint trace, ulong id, long start, string text = "", long length = 1) => new()
    {
        TraceId = trace, SpanId = id, Name = text, Kind = 2, Start = start, End = start + length, Resource = Shop, Scope = Scope,
    };
}
