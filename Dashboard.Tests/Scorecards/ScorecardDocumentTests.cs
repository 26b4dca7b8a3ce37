using System.Net;
using Dashboard.Tests.Support;
using Dashboard.Web.Scorecards;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Scorecards;

public sealed class ScorecardDocumentTests
{
    [Fact]
    public async Task The_page_is_rendered_once_for_a_snapshot_and_served_to_everyone()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create(1, "Sandbox data"));
        var document = dashboard.Services.GetRequiredService<ScorecardDocument>();
        var first = await dashboard.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
        var renderings = document.Renderings;

        for (var i = 0; i < 20; i++)
            Assert.Equal(first, await dashboard.Client.GetStringAsync("/", TestContext.Current.CancellationToken));

        Assert.Equal(renderings, document.Renderings);
        Assert.Contains("Sandbox data", first, StringComparison.Ordinal);
        Assert.Equal(16, first.Split("data-kpi=").Length - 1);
    }

    [Fact]
    public async Task A_browser_that_has_the_page_is_told_so()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var first = await dashboard.Client.GetAsync("/", TestContext.Current.CancellationToken);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await dashboard.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Before_the_first_snapshot_every_card_waits_and_none_is_met()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        var page = await dashboard.Client.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Contains("Waiting for the first readings", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-status=\"met\"", page, StringComparison.Ordinal);
        Assert.Contains("The first reading is on its way.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_holds_nothing_that_a_strict_policy_forbids()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());

        var page = await dashboard.Client.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]* src=)", page);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page);
    }

    [Fact]
    public async Task A_KPI_has_a_page_of_its_own_and_an_unknown_one_does_not()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());

        var page = await dashboard.Client.GetStringAsync("/kpis/response-time-p95", TestContext.Current.CancellationToken);
        using var missing = await dashboard.Client.GetAsync("/kpis/nonsense", TestContext.Current.CancellationToken);

        Assert.Contains("value_of_response_time_p95[5m]", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task The_theme_is_a_style_sheet_for_both_themes()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        var css = await dashboard.Client.GetStringAsync("/theme.css", TestContext.Current.CancellationToken);

        Assert.Contains("--mud-palette-primary: rgba(36,86,214,1);", css, StringComparison.Ordinal);
        Assert.Contains("[data-theme=dark]", css, StringComparison.Ordinal);
        Assert.DoesNotContain("<", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_for_open_streams_when_the_dashboard_stops()
    {
        var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var answer = await dashboard.Client.GetAsync("/events/scorecard", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        await dashboard.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
    }
}
