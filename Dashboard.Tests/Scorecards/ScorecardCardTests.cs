using Bunit;
using Dashboard.Core.Kpis;
using Dashboard.Tests.Support;
using Dashboard.Web.Scorecards;
using MudBlazor.Services;

namespace Dashboard.Tests.Scorecards;

public sealed class ScorecardCardTests : BunitContext
{
    private static readonly KpiDefinition P95 = SampleScorecard.Catalog.Find("response-time-p95")!;

    public ScorecardCardTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Theory]
    [InlineData(KpiStatus.Met, "Met")]
    [InlineData(KpiStatus.AtRisk, "At risk")]
    [InlineData(KpiStatus.Missed, "Missed")]
    [InlineData(KpiStatus.NoData, "No data")]
    [InlineData(KpiStatus.Stale, "Stale")]
    [InlineData(KpiStatus.SourceDown, "Source down")]
    public void Every_status_has_its_word_and_its_own_icon(KpiStatus status, string word)
    {
        var card = Card(SampleScorecard.State(P95, status, 120, "Why."));

        Assert.Equal(word, card.Find("[data-f=word]").TextContent);
        Assert.Equal($"#i-{status.ToWire()}", card.Find(".status use").GetAttribute("href"));
        Assert.Equal(status.ToWire(), card.Find("[data-kpi]").GetAttribute("data-status"));
    }

    [Theory]
    [InlineData(KpiStatus.NoData)]
    [InlineData(KpiStatus.SourceDown)]
    public void Without_data_there_is_a_reason_and_no_number(KpiStatus status)
    {
        var card = Card(SampleScorecard.State(P95, status, 120, "Prometheus refused the connection."));

        Assert.Equal("—", card.Find("[data-f=value]").TextContent);
        Assert.Equal("Prometheus refused the connection.", card.Find("[data-f=reason]").TextContent);
        Assert.Equal("", card.Find("[data-f=change]").TextContent);
    }

    [Fact]
    public void A_known_value_stands_with_unit_target_change_attainment_source_and_age()
    {
        var card = Card(SampleScorecard.State(P95, KpiStatus.Met, 120.4));
        var text = card.Find("[data-kpi]").TextContent;

        Assert.Equal("120", card.Find("[data-f=value]").TextContent);
        Assert.Contains("Target < 150 ms", text, StringComparison.Ordinal);
        Assert.Equal(("▼ 50%", "better"), (card.Find("[data-f=change]").TextContent, card.Find("[data-f=change]").GetAttribute("data-kind")));
        Assert.Equal("99.8% of 24 h", card.Find("[data-f=attainment]").TextContent);
        Assert.Contains("prometheus · 2 s", text, StringComparison.Ordinal);
        Assert.Equal("", card.Find("[data-f=reason]").TextContent);
    }

    [Fact]
    public void What_is_only_a_lower_bound_says_so()
    {
        var state = SampleScorecard.State(P95, KpiStatus.Missed, 900);

        var card = Card(state with { Reading = state.Reading! with { AtLeast = true, ConfidenceDetail = "traces are sampled" } });

        Assert.Equal("≥", card.Find("[data-f=mark]").TextContent);
        Assert.Equal("At least: traces are sampled", card.Find("[data-f=mark]").GetAttribute("title"));
    }

    [Fact]
    public void Attainment_with_gaps_tells_its_coverage()
    {
        var card = Card(SampleScorecard.State(P95, KpiStatus.Met, 120) with { Attainments = [new Attainment("24h", 0.9, 0.25)] });

        Assert.Equal("The target was met for 90.0% of the time that had data: 25.0% of the last 24 h.", card.Find("[data-f=attainment]").GetAttribute("title"));
    }

    [Fact]
    public void Text_from_outside_is_encoded()
    {
        var card = Card(SampleScorecard.State(P95, KpiStatus.SourceDown, null, "<img src=x onerror=alert(1)>"));

        Assert.Empty(card.FindAll("img"));
    }

    [Fact]
    public void The_details_prove_the_claim()
    {
        var state = SampleScorecard.State(P95, KpiStatus.Missed, 171);
        var reading = state.Reading! with
        {
            Confidence = Confidence.Estimated, ConfidenceDetail = "p95 in (150, 200] ms", ShareUnderTarget = 0.934, TraceId = "4bf92f35", Warnings = ["One shard failed."],
        };

        var text = Render<KpiDetails>(p => p.Add(d => d.View, DetailsView.Of(state with { Reading = reading, Advice = ["The target lies between buckets."] }))).Markup;

        foreach (var expected in new[] { "value_of_response_time_p95[5m]", "5 min, read every 5 s", "Estimated: p95 in (150, 200] ms", "1,200", "93.4% of requests", "4bf92f35", "One shard failed.", "The target lies between buckets.", "Operations", "99.8% of 24 h" })
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_source_is_down_the_details_keep_the_last_value_and_its_moment()
    {
        var details = DetailsView.Of(SampleScorecard.State(P95, KpiStatus.SourceDown, 120, "Down."));

        Assert.Contains(details.Facts, f => f.Name == "Last value" && f.Text == "120 ms" && f.At == SampleScorecard.At.AddSeconds(-2));
    }

    private IRenderedComponent<ScorecardCard> Card(KpiState state) =>
        Render<ScorecardCard>(p => p.Add(c => c.Card, CardView.Of(state)).Add(c => c.At, SampleScorecard.At));
}
