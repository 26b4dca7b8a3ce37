using System.Net;
using System.Text.Json;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Api;

public sealed class KpiSeriesApiTests
{
    private const string Morning = "from=2026-11-23T08:00:07Z&to=2026-11-23T09:00:07Z&step=60s";
    private readonly FakeTimeProvider _clock = new(SampleScorecard.At);

    [Fact]
    public async Task It_gives_the_points_on_whole_steps_with_unit_and_target()
    {
        await using var dashboard = await StartAsync();

        using var document = JsonDocument.Parse(await dashboard.Client.GetStringAsync($"/api/v1/kpis/response-time-p95/series?{Morning}"));
        var root = document.RootElement;
        Assert.Equal("2026-11-23T08:00:00.000Z", root.GetProperty("from").GetString());
        Assert.Equal("2026-11-23T09:01:00.000Z", root.GetProperty("to").GetString());
        Assert.Equal(60, root.GetProperty("stepSeconds").GetDouble());
        Assert.Equal("ms", root.GetProperty("unit").GetString());
        Assert.Equal(150, root.GetProperty("target").GetProperty("value").GetDouble());
        var points = root.GetProperty("points").EnumerateArray().ToList();
        Assert.Equal(["2026-11-23T08:00:00.000Z", "2026-11-23T08:01:00.000Z"], points.Select(p => p.GetProperty("at").GetString()!));
        Assert.Equal(41.2, points[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Equal_requests_cost_the_source_one_question_even_when_they_come_at_once()
    {
        await using var dashboard = await StartAsync();
        var answer = new TaskCompletionSource<TimeSeries>(TaskCreationOptions.RunContinuationsAsynchronously);
        dashboard.Reader.Past = (_, _, _, _) => answer.Task;

        // The second spells the same range differently.
        var asked = new[] { Morning, "from=1795420800&to=2026-11-23T10:00:30%2B01:00&step=1m", Morning }
            .Select(query => dashboard.Client.GetStringAsync($"/api/v1/kpis/response-time-p95/series?{query}")).ToList();
        answer.SetResult(new TimeSeries([new Sample(SampleScorecard.At, 7)]));
        var bodies = await Task.WhenAll(asked);

        Assert.Single(bodies.Distinct());
        Assert.Equal(1, dashboard.Reader.TimesAskedForThePast);
        await dashboard.Client.GetStringAsync($"/api/v1/kpis/response-time-p95/series?{Morning}");
        Assert.Equal(1, dashboard.Reader.TimesAskedForThePast);
        await dashboard.Client.GetStringAsync($"/api/v1/kpis/response-time-p99/series?{Morning}");
        Assert.Equal(2, dashboard.Reader.TimesAskedForThePast);
    }

    [Fact]
    public async Task An_old_answer_is_asked_for_again()
    {
        await using var dashboard = await StartAsync();
        await dashboard.Client.GetStringAsync($"/api/v1/kpis/response-time-p95/series?{Morning}");
        _clock.Advance(TimeSpan.FromMinutes(3));
        await dashboard.Client.GetStringAsync($"/api/v1/kpis/response-time-p95/series?{Morning}");
        Assert.Equal(2, dashboard.Reader.TimesAskedForThePast);
    }

    [Fact]
    public async Task A_failing_source_is_named_and_asked_again_by_the_next_who_comes()
    {
        await using var dashboard = await StartAsync();
        dashboard.Reader.Past = (_, _, _, _) => throw new SourceException(new SourceFailure(
            SourceKind.Prometheus, FailureKind.Unreachable, "Prometheus refused the connection.", "Check that it runs."));

        var (status, problem) = await dashboard.Client.ReadProblemAsync($"/api/v1/kpis/response-time-p95/series?{Morning}");
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Equal("Prometheus refused the connection.", problem.GetProperty("title").GetString());
        Assert.Equal("Check that it runs.", problem.GetProperty("detail").GetString());
        Assert.Equal("prometheus", problem.GetProperty("source").GetString());

        dashboard.Reader.Past = (_, _, _, _) => Task.FromResult(TimeSeries.Empty);
        using var answer = await dashboard.Client.GetAsync(new Uri($"/api/v1/kpis/response-time-p95/series?{Morning}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_slow_source_is_a_gateway_timeout()
    {
        await using var dashboard = await StartAsync();
        dashboard.Reader.Past = (_, _, _, _) => throw new SourceException(new SourceFailure(SourceKind.Prometheus, FailureKind.TimedOut, "Too slow.", "Wait."));
        var (status, _) = await dashboard.Client.ReadProblemAsync($"/api/v1/kpis/response-time-p95/series?{Morning}");
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01T00:00:00Z", "to")]
    [InlineData("from=2026-11-23T09:00:00Z&to=2026-11-23T08:00:00Z", "to")]
    [InlineData("from=2026-11-23T09:00:00Z&to=2026-11-23T09:00:00Z", "to")]
    [InlineData("from=2027-11-23T09:00:00Z&to=2027-11-23T10:00:00Z", "from")]
    [InlineData("step=often", "step")]
    [InlineData("step=0", "step")]
    [InlineData("step=-5", "step")]
    [InlineData("step=1s", "step")]
    [InlineData("from=2026-11-01T00:00:00Z&step=5s", "step")]
    [InlineData("from=1&from=2", "from")]
    [InlineData("from=NaN", "from")]
    [InlineData("to=99999999999999999999", "to")]
    public async Task What_cannot_be_asked_is_refused_with_the_field_named_and_no_question_upstream(string query, string field)
    {
        await using var dashboard = await StartAsync();
        var (status, problem) = await dashboard.Client.ReadProblemAsync($"/api/v1/kpis/response-time-p95/series?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Contains(field, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, dashboard.Reader.TimesAskedForThePast);
    }

    [Fact]
    public async Task An_unknown_KPI_is_not_found_and_the_known_ones_are_told()
    {
        await using var dashboard = await StartAsync();
        var (status, problem) = await dashboard.Client.ReadProblemAsync("/api/v1/kpis/response-time-p50/series");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("response-time-p95", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_range_it_is_the_last_six_hours_in_about_three_hundred_points()
    {
        await using var dashboard = await StartAsync();
        using var document = JsonDocument.Parse(await dashboard.Client.GetStringAsync("/api/v1/kpis/response-time-p95/series"));
        Assert.Equal("2026-11-23T06:00:00.000Z", document.RootElement.GetProperty("from").GetString());
        Assert.Equal("2026-11-23T12:00:00.000Z", document.RootElement.GetProperty("to").GetString());
        Assert.Equal(120, document.RootElement.GetProperty("stepSeconds").GetDouble());
    }

    private Task<RunningDashboard> StartAsync() =>
        RunningDashboard.StartAsync(SampleScorecard.Create(), services: s => s.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
}
