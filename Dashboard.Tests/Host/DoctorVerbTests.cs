using Dashboard.Web.Hosting;

namespace Dashboard.Tests.Host;

public sealed class DoctorVerbTests
{
    private static readonly string[] NobodyThere =
    [
        "--Sources:Prometheus:Url=http://127.0.0.1:1", "--Sources:Jaeger:Url=http://127.0.0.1:1", "--Sources:Elasticsearch:Url=http://127.0.0.1:1",
        "--Sources:Postgres:Port=1", "--Sources:Postgres:Password=hunter2",
    ];

    [Fact]
    public async Task It_says_of_each_source_and_each_KPI_why_it_has_nothing()
    {
        var (exit, report) = await RunAsync(NobodyThere);
        Assert.Equal(DoctorVerb.Ill, exit);
        foreach (var source in new[] { "Prometheus", "Jaeger", "Elasticsearch", "PostgreSQL" })
            Assert.Contains($"{source} refused the connection at ", report, StringComparison.Ordinal);
        Assert.Equal(16, report.Split('\n').Count(l => l.Contains("source_down", StringComparison.Ordinal)));
        Assert.DoesNotContain("hunter2", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_with_unusable_settings_and_says_what_is_wrong_with_them()
    {
        var (exit, report) = await RunAsync("--Kpis:0:Id=response-time-p95", "--Kpis:0:Target=fast", "--Collection:Interval=often");
        Assert.Equal(DashboardApp.CannotStart, exit);
        Assert.Contains("response-time-p95", report, StringComparison.Ordinal);
        Assert.Contains("Collection:Interval", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unusable_address_is_named()
    {
        var (exit, report) = await RunAsync("--Sources:Prometheus:Url=prometheus");
        Assert.Equal(DashboardApp.CannotStart, exit);
        Assert.Contains("Sources:Prometheus:Url", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_process_it_prints_the_report_and_nothing_else()
    {
        await using var doctor = DashboardProcess.Start([DoctorVerb.Name, .. NobodyThere]);
        var (exit, output, errors) = await doctor.EndAsync();
        Assert.Equal(DoctorVerb.Ill, exit);
        Assert.StartsWith("Sources", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    private static async Task<(int Exit, string Report)> RunAsync(params string[] settings)
    {
        await using var report = new StringWriter();
        var exit = await DoctorVerb.RunAsync(settings, report, TestContext.Current.CancellationToken);
        return (exit, report.ToString());
    }
}
