using System.Text.RegularExpressions;
using Dashboard.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>Everything at once, and nothing of it a stand-in: the reference service, its sources, the dashboard and a browser. Runs alone, since it needs the machine.</summary>
[Collection(nameof(WholeProductTests))]
public sealed partial class WholeProductTests(WholeProduct product, Chromium chromium) : IClassFixture<WholeProduct>, IClassFixture<Chromium>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] OfBusiness = ["user-satisfaction", "task-completion", "data-accuracy"];
    private static readonly string[] Order =
    [
        "Response time: response-time-avg response-time-p95 response-time-p99 response-time-max",
        "Throughput: requests-per-second concurrent-users db-connections memory-usage",
        "Errors: error-rate error-rate-4xx error-rate-5xx timeout-rate",
        "Business: user-satisfaction task-completion availability data-accuracy",
    ];

    private readonly List<string> _complaints = [];

    private static LocatorAssertionsToHaveAttributeOptions Long { get; } = new() { Timeout = (float)Patience.TotalMilliseconds };

    [Fact]
    public async Task A_manager_sees_sixteen_verdicts_live()
    {
        var scorecard = await SeeAllKnownAsync();
        Assert.Equal("Sandbox data", scorecard.Environment);
        var page = await OpenAsync();

        Assert.Equal(Order, await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('section[data-group]')].map(g => `${g.querySelector('h2').textContent.trim()}: ${[...g.querySelectorAll('[data-kpi]')].map(c => c.dataset.kpi).join(' ')}`)"));
        foreach (var id in scorecard.Kpis.Keys)
        {
            var card = page.Locator($"#kpi-{id}");
            await Expect(card).ToHaveAttributeAsync("data-status", Known, Long);
            await Expect(card.Locator("[data-f=value]")).ToHaveTextAsync(Digit);
            await Expect(card.Locator("[data-f=word]")).Not.ToBeEmptyAsync();
        }

        await Expect(page.Locator("h1")).ToContainTextAsync("of 16 targets met");
        await Expect(page.Locator("body")).ToContainTextAsync("Sandbox data");
        Assert.Empty(_complaints);
        await SeeNoBarrierAsync();
    }

    [Fact]
    public async Task The_past_is_known_from_the_first_minute_with_the_incidents_that_were_in_it()
    {
        // A day and a week of metrics and rows were there before the dashboard was.
        var scorecard = await product.SeeAsync(
            "the past is filled in",
            s => s.From("prometheus").All(kpi => kpi.AttainmentCoverage("24h") > 0.9 && kpi.AttainmentCoverage("7d") > 0.9),
            Patience);

        // The partner did not answer for 18 minutes five hours ago: more than a hundredth of the day.
        Assert.InRange(scorecard["error-rate"].Attainment("24h") ?? -1, 0.9, 0.999);
        Assert.InRange(scorecard["response-time-p99"].Attainment("24h") ?? -1, 0.9, 0.999);

        // The slow deployment of three days ago, 95 minutes, is in the week alone.
        Assert.True(scorecard["response-time-p95"].Attainment("24h") > scorecard["response-time-p95"].Attainment("7d"));
        Assert.InRange(scorecard["response-time-p95"].Attainment("7d") ?? -1, 0.95, 0.999);
    }

    [Fact]
    public async Task A_burst_of_errors_reaches_the_open_page_by_itself()
    {
        await SeeAllKnownAsync();
        var page = await OpenAsync();
        await page.EvaluateAsync("document.body.dataset.same = 'page'");

        await product.TurnAsync("/sandbox/faults", new { errors = 0.5 });
        try
        {
            await Expect(page.Locator("#kpi-error-rate-5xx")).ToHaveAttributeAsync("data-status", "missed", Long);
            await Expect(page.Locator("#headline p b.m ~ a[href='#kpi-error-rate-5xx']")).ToHaveTextAsync("5xx error rate");
        }
        finally
        {
            await product.TurnAsync("/sandbox/faults", new { errors = false });
        }

        Assert.Equal("page", await page.EvaluateAsync<string>("document.body.dataset.same"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_source_that_is_down_is_named_and_takes_only_its_own_cards_and_comes_back()
    {
        await SeeAllKnownAsync();
        var page = await OpenAsync();

        await product.TurnAsync("/sandbox/servers/prometheus/stop");
        try
        {
            var scorecard = await product.SeeAsync("its KPIs have no source", s => s.From("prometheus").All(kpi => kpi.Status == "source_down"), Patience);
            Assert.All(scorecard.From("prometheus"), kpi =>
            {
                Assert.Null(kpi.Value);
                Assert.Contains("Prometheus", kpi.Reason, StringComparison.Ordinal);
            });
            Assert.All(OfBusiness, id => Assert.True(scorecard[id].IsKnown, $"{scorecard[id]}"));

            var card = page.Locator("#kpi-response-time-p95");
            await Expect(card).ToHaveAttributeAsync("data-status", "source_down", Long);
            await Expect(card.Locator("[data-f=reason]")).ToContainTextAsync("Prometheus");
            await Expect(card.Locator("[data-f=value]")).Not.ToHaveTextAsync(Digit);
            foreach (var id in OfBusiness)
                await Expect(page.Locator($"#kpi-{id}")).ToHaveAttributeAsync("data-status", Known);

            var (exit, report) = await product.DoctorAsync();
            Assert.NotEqual(0, exit);
            Assert.Matches(@"Prometheus +DOES NOT ANSWER", report);
            Assert.Contains("1 of 4 sources do not answer", report, StringComparison.Ordinal);
        }
        finally
        {
            await product.TurnAsync("/sandbox/servers/prometheus/start");
        }

        // The availability of a month is read once a minute, so it comes back last.
        await product.SeeAsync("its KPIs are back", s => s.From("prometheus").All(kpi => kpi.IsKnown || kpi.Id == "availability"), Patience);
        await Expect(page.Locator("#kpi-response-time-p95")).ToHaveAttributeAsync("data-status", Known, Long);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task The_doctor_finds_it_well()
    {
        await SeeAllKnownAsync();

        var (exit, report) = await product.DoctorAsync();

        Assert.True(exit == 0, report);
        Assert.Contains("All 4 sources answer and all 16 KPIs can be judged", report, StringComparison.Ordinal);
    }

    [GeneratedRegex("^(?:met|at_risk|missed)$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known { get; }

    [GeneratedRegex("[0-9]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digit { get; }

    private Task<ApiScorecard> SeeAllKnownAsync() =>
        product.SeeAsync("every KPI has a verdict", s => s.Kpis.Count == 16 && s.Kpis.Values.All(kpi => kpi is { IsKnown: true, Value: not null }), Patience);

    private async Task<IPage> OpenAsync(BrowserNewPageOptions? options = null)
    {
        var page = await chromium.OpenAsync(_complaints, options);
        await page.GotoAsync(product.Dashboard.ToString());
        await Expect(page.Locator(".live")).ToHaveAttributeAsync("data-state", "live", Long);
        return page;
    }

    // On a page of its own, since the policy would not let axe in.
    private async Task SeeNoBarrierAsync()
    {
        var page = await OpenAsync(new BrowserNewPageOptions { BypassCSP = true });
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(v => $"{v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
    }
}
