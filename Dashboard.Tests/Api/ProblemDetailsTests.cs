using System.Net;
using Dashboard.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Dashboard.Tests.Api;

public sealed class ProblemDetailsTests
{
    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/scorecard", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/healthz", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/openapi/v2.json", HttpStatusCode.NotFound)]
    public async Task Errors_of_the_API_are_problem_details(string method, string path, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        var (status, _) = await dashboard.Client.ReadProblemAsync(path, new HttpMethod(method));
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task A_defect_is_told_without_its_stack_trace_and_with_all_headers()
    {
        await using var dashboard = await StartWithDefectAsync();
        var (status, problem) = await dashboard.Client.ReadProblemAsync("/api/v1/defect");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.DoesNotContain("the secret of the defect", problem.ToString(), StringComparison.Ordinal);

        using var answer = await dashboard.Client.GetAsync(new Uri("/api/v1/defect", UriKind.Relative));
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_person_gets_a_page_where_there_is_nothing_or_where_it_failed()
    {
        await using var dashboard = await StartWithDefectAsync();

        using var missing = await dashboard.Client.BrowseAsync("/no/such/page");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("text/html", missing.Content.Headers.ContentType?.MediaType);
        Assert.Contains("There is nothing at this address", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var failed = await dashboard.Client.BrowseAsync("/defect");
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        var page = await failed.Content.ReadAsStringAsync();
        Assert.Contains("The dashboard failed to show this page", page, StringComparison.Ordinal);
        Assert.DoesNotContain("the secret of the defect", page, StringComparison.Ordinal);
    }

    private static Task<RunningDashboard> StartWithDefectAsync() => RunningDashboard.StartAsync(SampleScorecard.Create(), map: app =>
    {
        app.MapGet("/api/v1/defect", string () => throw new InvalidOperationException("the secret of the defect"));
        app.MapGet("/defect", string () => throw new InvalidOperationException("the secret of the defect"));
    });
}
