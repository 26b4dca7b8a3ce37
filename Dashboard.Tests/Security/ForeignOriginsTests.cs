using System.Net;
using Dashboard.Tests.Support;

namespace Dashboard.Tests.Security;

public sealed class ForeignOriginsTests
{
    [Theory]
    [InlineData("/_blazor", "http://evil.example")]
    [InlineData("/_blazor/", "http://evil.example")]
    [InlineData("/_blazor/negotiate", "http://evil.example")]
    [InlineData("/_BLAZOR/negotiate", "http://evil.example")]
    [InlineData("/_blazor", "null")]
    [InlineData("/_blazor", "")]
    [InlineData("/_blazor", "https://127.0.0.1")]
    [InlineData("/_blazor", "not an origin")]
    public async Task A_circuit_is_refused_to_another_sites_page(string path, string origin)
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(dashboard, path, ("Origin", origin)));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(dashboard, HttpMethod.Get, path, ("Origin", origin)));
    }

    [Fact]
    public async Task Another_port_of_the_same_machine_is_another_site()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(dashboard, "/_blazor/negotiate?negotiateVersion=1", ("Origin", "http://127.0.0.1:1")));
    }

    [Fact]
    public async Task What_the_browser_calls_cross_site_is_refused_without_an_origin_too()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(dashboard, "/_blazor/negotiate?negotiateVersion=1", ("Sec-Fetch-Site", "cross-site")));
    }

    [Fact]
    public async Task Its_own_pages_and_programs_get_a_circuit()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        var own = dashboard.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(dashboard, "/_blazor/negotiate?negotiateVersion=1", ("Origin", own)));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(dashboard, "/_blazor/negotiate?negotiateVersion=1"));
    }

    [Fact]
    public async Task Nothing_is_sent_to_any_page_from_another_site()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(dashboard, "/sources", ("Origin", "http://evil.example")));
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:5080", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    public async Task Only_the_names_of_this_machine_are_answered_to(string host, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        Assert.Equal(expected, await SendAsync(dashboard, HttpMethod.Get, "/api/v1/scorecard", ("Host", host)));
    }

    [Fact]
    public async Task A_name_of_its_own_can_be_given()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create(), ["--AllowedHosts=ops.example"]);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(dashboard, HttpMethod.Get, "/healthz", ("Host", "ops.example")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(dashboard, HttpMethod.Get, "/healthz", ("Host", "localhost")));
    }

    private static Task<HttpStatusCode> PostAsync(RunningDashboard dashboard, string path, params (string Name, string Value)[] headers) =>
        SendAsync(dashboard, HttpMethod.Post, path, headers);

    private static async Task<HttpStatusCode> SendAsync(RunningDashboard dashboard, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await dashboard.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
