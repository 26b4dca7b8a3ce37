using Dashboard.Sandbox.Jaeger;
using Dashboard.Sandbox.Story;

namespace Dashboard.Tests.Sandbox.Jaeger;

public sealed class TraceHistoryTests(TraceHistoryTests.Past past) : IClassFixture<TraceHistoryTests.Past>
{
    public sealed class Past
    {
        internal SandboxStory Story { get; } = new(JaegerFixture.Now);

        internal SpanStore Store { get; } = new(100_000, 80 * 1024 * 1024);

        public Past() => TraceHistory.Fill(Store, new RequestHistory(Story));
    }

    [Fact]
    public void The_past_is_bounded_and_reaches_from_the_older_incident_to_now()
    {
        Assert.InRange(past.Store.TraceCount, 2_000, TraceHistory.MostTraces);
        Assert.InRange(past.Store.SpanCount, 5_000, 40_000);
        Assert.InRange(past.Store.Bytes, 1, 40 * 1024 * 1024);
        Assert.NotEmpty(Find(past.Story.Now.AddMinutes(-5), past.Story.Now));
    }

    [Fact]
    public void Under_the_bad_deployment_the_statements_over_the_ledgers_were_slow()
    {
        var bad = Find(past.Story.BadDeployment.Start, past.Story.BadDeployment.End);
        var good = Find(past.Story.Now.AddHours(-1), past.Story.Now);

        Assert.True(bad.Length > 300);
        Assert.All(bad, t => Assert.Contains(new SpanAttribute("service.version", SandboxStory.BadVersion), t[0].Resource.Attributes));
        Assert.True(Median(bad) > 5 * Median(good));

        static double Median(Span[][] traces)
        {
            var statements = traces.SelectMany(t => t).Where(s => s.Name is "SELECT ledger_entries").Select(s => s.Duration).Order().ToArray();
            return statements[statements.Length / 2];
        }
    }

    [Fact]
    public void During_the_partners_silence_its_calls_timed_out()
    {
        var timedOut = Find(past.Story.PartnerTimeouts.Start, past.Story.PartnerTimeouts.End)
            .Where(t => t[0].Attributes.Contains(new SpanAttribute("http.response.status_code", 504L))).ToArray();

        Assert.True(timedOut.Length > 10);
        Assert.All(timedOut, trace =>
        {
            var call = trace.Single(s => s.Scope.Name is "System.Net.Http");
            Assert.Contains(new SpanAttribute("error.type", "timeout"), call.Attributes);
            Assert.Equal(trace[0].SpanId, call.ParentId);
            Assert.True(call.Duration >= 2_000_000_000);
        });
    }

    [Fact]
    public void Children_lie_within_the_request()
    {
        var traces = Find(past.Story.Now.AddHours(-6), past.Story.Now);

        Assert.All(traces, trace => Assert.All(trace.Skip(1), child =>
        {
            Assert.Equal(trace[0].SpanId, child.ParentId);
            Assert.InRange(child.Start, trace[0].Start, trace[0].End);
            Assert.True(child.End <= trace[0].End + 1_000_000, $"{child.Name} outlives its request by {child.End - trace[0].End} ns.");
        }));
    }

    private Span[][] Find(DateTimeOffset from, DateTimeOffset to) => past.Store.Find(new SpanSearch(Nanoseconds(from), Nanoseconds(to), 10_000));

    private static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * 100;
}
