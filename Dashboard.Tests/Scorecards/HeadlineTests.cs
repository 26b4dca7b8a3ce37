using System.Collections.Immutable;
using Bunit;
using Dashboard.Core.Kpis;
using Dashboard.Tests.Support;
using Dashboard.Web.Scorecards;

namespace Dashboard.Tests.Scorecards;

public sealed class HeadlineTests : BunitContext
{
    private static readonly KpiDefinition[] Kpis = [.. SampleScorecard.Catalog.All];

    [Fact]
    public void It_says_how_many_targets_are_met_and_names_the_others()
    {
        var text = Text(
            SampleScorecard.State(Kpis[0], KpiStatus.Met, 20),
            SampleScorecard.State(Kpis[1], KpiStatus.AtRisk, 145),
            SampleScorecard.State(Kpis[2], KpiStatus.Missed, 400),
            SampleScorecard.State(Kpis[11], KpiStatus.SourceDown),
            SampleScorecard.State(Kpis[10], KpiStatus.Stale));

        Assert.Contains("1 of 5 targets met", text, StringComparison.Ordinal);
        Assert.Contains("Missed: 99th percentile response time, since 11:00 UTC (1 h).", text, StringComparison.Ordinal);
        Assert.Contains("At risk: 95th percentile response time.", text, StringComparison.Ordinal);
        Assert.Contains("Not known: timeout rate (Elasticsearch down), 5xx error rate (stale).", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_miss_is_named_first()
    {
        var view = HeadlineView.Of(
        [
            SampleScorecard.State(Kpis[0], KpiStatus.Missed, 55), // 10% over
            SampleScorecard.State(Kpis[4], KpiStatus.Missed, 20), // 99% under
            SampleScorecard.State(Kpis[14], KpiStatus.Missed, 99.7), // misses three times what may be missed
        ]);

        Assert.Equal(["availability", "requests-per-second", "response-time-avg"], view.Missed.Select(m => m.Id));
    }

    [Fact]
    public void All_met_is_said_without_a_list()
    {
        var text = Text(SampleScorecard.State(Kpis[0], KpiStatus.Met, 20), SampleScorecard.State(Kpis[1], KpiStatus.Met, 20));

        Assert.Equal("All 2 targets met", text.Trim());
    }

    [Fact]
    public void Nothing_is_claimed_before_the_first_reading()
    {
        var view = ScorecardView.Of(Core.Collection.Scorecard.Empty, SampleScorecard.Catalog);

        Assert.Equal("Waiting for the first readings", view.Headline.Title);
        Assert.All(view.Cards, card => Assert.Equal((KpiStatus.NoData, "—"), (card.Status, card.Value)));
    }

    private string Text(params ImmutableArray<KpiState> kpis)
    {
        var headline = Render<Headline>(p => p.Add(h => h.View, HeadlineView.Of(kpis)).Add(h => h.At, SampleScorecard.At));
        return string.Join(' ', string.Concat(headline.Nodes.Select(n => n.TextContent + " ")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
