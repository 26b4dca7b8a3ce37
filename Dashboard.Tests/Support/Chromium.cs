using Microsoft.Playwright;

namespace Dashboard.Tests.Support;

/// <summary>The system's Chromium, started once for a test class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A page in a profile of its own. What the browser complains of (errors, refused by policy) is added to <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(List<string> complaints, BrowserNewPageOptions? options = null)
    {
        var page = await _browser!.NewPageAsync(options ?? new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            // A refused connection is what a stopped server looks like, and no fault of the page.
            if (message.Type is "error" or "warning" && !message.Text.Contains("net::ERR", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        return page;
    }
}
