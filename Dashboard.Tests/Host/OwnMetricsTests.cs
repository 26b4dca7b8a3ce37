using System.Diagnostics;
using Dashboard.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dashboard.Tests.Host;

public sealed class OwnMetricsTests
{
    [Fact]
    public async Task They_pass_Prometheus_own_check_and_have_the_standard_names()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        await dashboard.Client.GetStringAsync("/api/v1/scorecard");
        var metrics = await dashboard.Client.GetStringAsync("/metrics");

        Assert.Contains("http_server_request_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/api/v1/scorecard\"", metrics, StringComparison.Ordinal);
        Assert.Contains("le=\"0.15\"", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_active_requests", metrics, StringComparison.Ordinal);

        // Npgsql's gauge has the standard's own name, which the linter would have otherwise. 1 would be: not understood.
        var (exit, output) = await CheckAsync(metrics);
        Assert.NotEqual(1, exit);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("db_client_connection_count ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Viewers_of_the_stream_are_counted_and_are_not_slow_requests()
    {
        var leave = new TaskCompletionSource();
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create(), map: app => app.MapGet("/events/test", async (HttpContext context) =>
        {
            await context.Response.Body.FlushAsync();
            await leave.Task;
        }));

        using (var viewer = await dashboard.Client.GetAsync(new Uri("/events/test", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Contains("dashboard_event_stream_viewers{otel_scope_name=\"Dashboard.Web\"} 1", await dashboard.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
            leave.SetResult();
            await viewer.Content.ReadAsStringAsync();
        }

        var durations = (await dashboard.Client.GetStringAsync("/metrics")).Split('\n').Where(l => l.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));
        Assert.DoesNotContain(durations, l => l.Contains("/events/test", StringComparison.Ordinal));
    }

    private static async Task<(int Exit, string Output)> CheckAsync(string metrics)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics")
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        var output = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, output);
    }
}
