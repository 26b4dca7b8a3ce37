using Bunit;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Dashboard.Web.SourcesPage;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Page = Dashboard.Web.SourcesPage.SourcesPage;

namespace Dashboard.Tests.SourcesPage;

public sealed class SourcesPageTests : BunitContext
{
    private readonly ScorecardFeed _feed = new();
    private readonly FakeTimeProvider _clock = new(SampleScorecard.At);

    public SourcesPageTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(_feed);
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        Services.AddSingleton<SourceChecks>();
    }

    [Fact]
    public void Before_the_first_measurement_it_shows_whom_it_will_ask()
    {
        Services.AddSingleton<ISourceProbe>(FakeProbe.Answering(SourceKind.Postgres));
        Services.AddSingleton<ISourceProbe>(FakeProbe.Answering(SourceKind.Prometheus));
        var page = Open();

        Assert.Equal("The sources are being asked for the first time", page.Find("h1").TextContent);
        Assert.Equal(["Prometheus", "PostgreSQL"], page.FindAll("h2").Select(h => h.TextContent));
        Assert.All(page.FindAll(".status"), s => Assert.Contains("Not asked yet", s.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_any_source_it_says_where_their_addresses_belong()
    {
        var page = Open();
        Assert.Contains("No source is set up", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_source_tells_what_it_is_how_it_is_doing_and_what_hangs_on_it()
    {
        _feed.Publish(SampleScorecard.Create());
        var page = Open();

        Assert.Equal("Elasticsearch does not answer", page.Find("h1").TextContent);
        var cards = page.FindAll("article");
        Assert.Equal(["Answers", "Answers, with limits", "Does not answer", "Not asked yet"], cards.Select(c => c.QuerySelector(".status")!.TextContent.Trim()));
        Assert.Contains("http://prometheus.example:9090", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("2.42.0", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("OpenTelemetry", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("4.0 ms", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("3 s behind ours", cards[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Search by attribute is not possible.", cards[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("refused the connection", cards[2].QuerySelector(".error.now")!.TextContent, StringComparison.Ordinal);

        var hanging = cards[2].QuerySelectorAll(".kpis a");
        Assert.Equal("/kpis/timeout-rate", Assert.Single(hanging).GetAttribute("href"));
        Assert.Equal("source_down", hanging[0].GetAttribute("data-status"));
        Assert.Contains("Source down", hanging[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_follows_the_feed()
    {
        _feed.Publish(SampleScorecard.Create());
        var page = Open();
        var healthy = SampleScorecard.Sources().Select(s => s with { Reachable = true, Degraded = [] });
        _feed.Publish(SampleScorecard.Create(2) with { Sources = [.. healthy] });

        await page.WaitForAssertionAsync(() => Assert.Equal("All 4 sources answer", page.Find("h1").TextContent));
    }

    [Fact]
    public async Task A_past_error_stays_readable_after_the_recovery()
    {
        var recovered = SampleScorecard.Sources().Select(s => s with { Reachable = true });
        _feed.Publish(SampleScorecard.Create() with { Sources = [.. recovered] });
        var page = Open();
        await page.WaitForAssertionAsync(() => Assert.Contains("Last error", page.FindAll("article")[2].TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".error.now"));
    }

    [Fact]
    public async Task Checking_now_asks_every_source_and_shows_what_each_said()
    {
        var slow = new TaskCompletionSource<SourceAnswer<SourceIdentity>>();
        Services.AddSingleton<ISourceProbe>(FakeProbe.Answering(SourceKind.Prometheus, "3.1.0"));
        Services.AddSingleton<ISourceProbe>(FakeProbe.Failing(SourceKind.Elasticsearch, "Elasticsearch answered with 401."));
        Services.AddSingleton<ISourceProbe>(new FakeProbe(SourceKind.Jaeger, _ => slow.Task));
        _feed.Publish(SampleScorecard.Create());
        var page = Open();

        var clicked = page.Find(".tools button").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Contains("Checking… 2 of 3", page.Find(".tools button").TextContent, StringComparison.Ordinal));
        Assert.True(page.Find(".tools button").HasAttribute("disabled"));

        slow.SetResult(new SourceAnswer<SourceIdentity>(new SourceIdentity(null, null, []), TimeSpan.Zero, [], null));
        await clicked;
        await page.WaitForAssertionAsync(() => Assert.Contains("Check now", page.Find(".tools button").TextContent, StringComparison.Ordinal));
        var checks = page.FindAll("p.check").Select(c => c.TextContent).ToList();
        Assert.Equal(3, checks.Count);
        Assert.Contains("version 3.1.0", checks[0], StringComparison.Ordinal);
        Assert.Contains("Elasticsearch answered with 401. Check that it runs.", checks[2], StringComparison.Ordinal);
        Assert.Equal("1 of 3 sources did not answer.", page.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task A_button_copies_the_address()
    {
        _feed.Publish(SampleScorecard.Create());
        var page = Open();
        await page.Find("article .address .copy").ClickAsync();
        Assert.Equal("http://prometheus.example:9090", JSInterop.VerifyInvoke("navigator.clipboard.writeText").Arguments[0]);
        await page.WaitForAssertionAsync(() => Assert.Equal("Copied the address", page.Find("article .address .copy").GetAttribute("aria-label")));
    }

    private IRenderedComponent<Page> Open()
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        return Render<Page>();
    }
}
