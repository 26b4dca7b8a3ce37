using Dashboard.Tests.Support;

namespace Dashboard.Tests.Security;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/sources")]
    [InlineData("/no/such/page")]
    [InlineData("/css/dashboard.css")]
    [InlineData("/theme.css")]
    [InlineData("/api/v1/scorecard")]
    [InlineData("/metrics")]
    public async Task Every_answer_carries_the_headers(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var answer = await dashboard.Client.BrowseAsync(path);

        string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : "";
        var policy = Header("Content-Security-Policy");
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.NotEmpty(Header("Referrer-Policy"));
        Assert.NotEmpty(Header("Permissions-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.Empty(Header("Server"));
        Assert.Empty(Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Only_interactive_pages_may_have_style_attributes_and_nothing_else_inline()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());

        Assert.DoesNotContain("unsafe-inline", await PolicyAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", await PolicyAsync("/no/such/page"), StringComparison.Ordinal);
        var interactive = await PolicyAsync("/sources");
        Assert.EndsWith("; style-src-attr 'unsafe-inline'", interactive, StringComparison.Ordinal);
        Assert.Equal(1, interactive.Split("unsafe-inline").Length - 1);

        async Task<string> PolicyAsync(string path)
        {
            using var answer = await dashboard.Client.BrowseAsync(path);
            return Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sources")]
    [InlineData("/no/such/page")]
    public async Task No_page_has_an_inline_script_or_style_sheet(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var answer = await dashboard.Client.BrowseAsync(path);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("javascript:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)[^>]*>", page);
        Assert.DoesNotMatch(@"\son\w+=", page);
    }

    [Fact]
    public async Task Behind_a_proxy_that_speaks_https_browsers_are_told_to_stay_there()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create(), ["--Dashboard:Proxies:0=127.0.0.1"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await dashboard.Client.SendAsync(request);
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_stranger_cannot_claim_to_be_the_proxy()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create(), ["--Dashboard:Proxies:0=192.0.2.1"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await dashboard.Client.SendAsync(request);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }
}
