using Dashboard.Core.Kpis;
using Dashboard.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The scorecard in a real browser, under the real security policy.</summary>
public sealed class ScorecardPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private readonly List<string> _complaints = [];

    [Theory]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(2560, 1440, ColorScheme.Light)]
    public async Task It_fits_its_screen_is_live_and_breaks_no_policy(int width, int height, ColorScheme scheme)
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard, options: new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme });

        await Expect(page.Locator("[data-kpi]")).ToHaveCountAsync(16);
        await Expect(page.Locator("h1")).ToHaveTextAsync("9 of 16 targets met");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.True(await page.EvaluateAsync<bool>("document.fonts.check('14px \"Inter Variable\"')"));
        Assert.Empty(_complaints);
    }

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(2560, 1440)]
    public async Task A_wall_shows_all_cards_without_scrolling(int width, int height)
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard, "?wall=on", new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });

        Assert.True(await page.EvaluateAsync<bool>(
            "[...document.querySelectorAll('[data-kpi]')].every(c => { const r = c.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && c.scrollHeight <= c.clientHeight + 1; })"));
        // A figure of a twenty-fifth of the screen's height is read from four metres on a 55-inch screen.
        Assert.True(await page.EvaluateAsync<bool>("parseFloat(getComputedStyle(document.querySelector('.value')).fontSize) >= innerHeight / 25"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task New_readings_arrive_without_a_reload()
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard);
        await page.EvaluateAsync("document.body.dataset.same = 'page'");

        var next = BusyScorecard.Create(dashboard.Feed.Latest.Sequence + 1, DateTimeOffset.UnixEpoch) with { At = TimeProvider.System.GetUtcNow() };
        var (at, state) = (next.Kpis.IndexOf(next.Find("response-time-avg")!), next.Find("response-time-avg")!);
        dashboard.Feed.Publish(next with
        {
            Kpis = next.Kpis.SetItem(at, state with { Status = KpiStatus.Missed, Reading = state.Reading! with { Value = 77.7, MeasuredAt = next.At } }),
        });

        var card = page.Locator("#kpi-response-time-avg");
        await Expect(card.Locator("[data-f=value]")).ToHaveTextAsync("77.7");
        await Expect(card).ToHaveAttributeAsync("data-status", "missed");
        await Expect(card.Locator("[data-f=word]")).ToHaveTextAsync("Missed");
        await Expect(page.Locator("[data-filter=missed] b")).ToHaveTextAsync("2");
        await Expect(page.Locator("h1")).ToHaveTextAsync("8 of 16 targets met");
        await Expect(page).ToHaveTitleAsync("8 of 16 targets met · Scorecard");
        Assert.Equal("page", await page.EvaluateAsync<string>("document.body.dataset.same"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task It_says_when_it_is_not_live_and_recovers_from_a_restart_by_itself()
    {
        var first = await StartAsync();
        var port = first.Client.BaseAddress!.Port;
        var page = await OpenAsync(first, options: null, clock: true);

        await first.DisposeAsync();
        await Expect(page.Locator(".live")).Not.ToHaveAttributeAsync("data-state", "live");
        await page.Clock.FastForwardAsync(40_000);
        await Expect(page.Locator(".live")).ToContainTextAsync("Not live since");
        await Expect(page.Locator(".lost")).ToBeVisibleAsync();
        await Expect(page.Locator("h1 .as-of")).ToContainTextAsync("At ");
        var met = await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('[data-status=met] .status')).color");
        var none = await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.n')).color");
        Assert.Equal(none, met); // nothing is green any more

        await using var second = await StartAsync(sequence: 3, port: port);
        await page.Clock.FastForwardAsync(60_000);
        await Expect(page.Locator(".live")).ToHaveTextAsync("Live");
        await Expect(page.Locator(".lost")).ToBeHiddenAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-live", "live");
    }

    [Fact]
    public async Task Filters_and_order_are_in_the_address_and_back_undoes_them()
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard);
        var visible = page.Locator("[data-kpi]:visible");

        await page.ClickAsync("[data-filter=unknown]");
        await Expect(visible).ToHaveCountAsync(2);
        Assert.EndsWith("?status=unknown", page.Url, StringComparison.Ordinal);

        await page.ClickAsync("[data-filter=all]");
        await page.SelectOptionAsync("select[data-choice=sort]", "worst");
        await Expect(visible.First).ToHaveAttributeAsync("data-kpi", "response-time-p95");

        await page.GoBackAsync();
        await page.GoBackAsync();
        await Expect(visible).ToHaveCountAsync(2);
        await page.ReloadAsync();
        await Expect(visible).ToHaveCountAsync(2);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_keyboard_reaches_every_card_and_its_proof()
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard);
        var details = page.Locator("#details");

        await page.FocusAsync("[data-action=print]");
        await page.Keyboard.PressAsync("Tab");
        await Expect(details).ToContainTextAsync("Average response time");
        await page.Keyboard.PressAsync("Tab");
        await Expect(details).ToContainTextAsync("histogram_quantile(0.95");
        await page.Keyboard.PressAsync("Enter");
        await Expect(details).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");

        await Expect(details).ToBeHiddenAsync();
        await Expect(page.Locator("#kpi-response-time-p95 .to")).ToBeFocusedAsync();
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Pointing_at_a_card_tells_its_query_and_window()
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard);

        await page.HoverAsync("#kpi-response-time-p95");

        await Expect(page.Locator("#details code").First).ToContainTextAsync("histogram_quantile(0.95");
        await Expect(page.Locator("#details dl")).ToContainTextAsync("5 min, read every 5 s");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_has_no_barrier_that_axe_knows_of(ColorScheme scheme)
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard, options: new BrowserNewPageOptions { ColorScheme = scheme, BypassCSP = true });
        await page.ClickAsync("#kpi-response-time-p95");
        await Expect(page.Locator("#details article")).ToBeVisibleAsync();

        var result = await page.RunAxe();

        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(v => $"{v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
    }

    [Fact]
    public async Task Without_a_script_it_is_a_page_that_loads_itself_again()
    {
        await using var dashboard = await StartAsync();
        var page = await chromium.OpenAsync(_complaints, new BrowserNewPageOptions { JavaScriptEnabled = false });
        await page.GotoAsync(dashboard.Client.BaseAddress!.ToString());

        await Expect(page.Locator("[data-kpi]")).ToHaveCountAsync(16);
        await Expect(page.Locator(".filters")).ToBeHiddenAsync();
        await page.ClickAsync("#kpi-response-time-p95 .to");
        await Expect(page.Locator("h1")).ToHaveTextAsync("95th percentile response time");
    }

    [Fact]
    public async Task The_chosen_theme_is_kept()
    {
        await using var dashboard = await StartAsync();
        var page = await OpenAsync(dashboard);

        await page.ClickAsync("[data-action=theme]");
        await page.ClickAsync("[data-action=theme]");
        await page.ReloadAsync();

        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("rgb(14, 17, 22)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    private static Task<RunningDashboard> StartAsync(long sequence = 1, int port = 0)
    {
        var now = TimeProvider.System.GetUtcNow();
        return RunningDashboard.StartAsync(
            BusyScorecard.Create(sequence, now.AddSeconds(-5 * sequence)) with { At = now },
            [$"--Dashboard:Port={port}"],
            services => services.Replace(ServiceDescriptor.Singleton(BusyScorecard.Catalog)));
    }

    private async Task<IPage> OpenAsync(RunningDashboard dashboard, string query = "", BrowserNewPageOptions? options = null, bool clock = false)
    {
        var page = await chromium.OpenAsync(_complaints, options);
        if (clock)
            await page.Clock.InstallAsync();
        await page.GotoAsync(dashboard.Client.BaseAddress + query);

        // A slow machine may have taken so long that the first snapshot is old, which the page would not call live.
        var latest = dashboard.Feed.Latest;
        dashboard.Feed.Publish(latest with { Sequence = latest.Sequence + 1, At = TimeProvider.System.GetUtcNow() });
        await Expect(page.Locator(".live")).ToHaveAttributeAsync("data-state", "live");
        return page;
    }
}
