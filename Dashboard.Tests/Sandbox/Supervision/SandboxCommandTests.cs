using System.Text.Json;
using Dashboard.Sandbox.Servers;

namespace Dashboard.Tests.Sandbox.Supervision;

public sealed class SandboxCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sandbox_that_is_killed_takes_its_servers_with_it_and_the_next_one_starts_in_its_folder()
    {
        var folder = SandboxProcess.NewFolder();
        SandboxProcess.SkipMetricHistory(folder, TimeProvider.System.GetUtcNow());
        await using (var first = await SandboxProcess.StartAsync(folder, Cancellation))
        {
            Assert.Contains(first.Output, line => line.Contains("Sandbox ready", StringComparison.Ordinal));
            var servers = SandboxProcess.ProcessesIn(folder).Values;
            Assert.Superset(
                new HashSet<string>(StringComparer.Ordinal) { "postgres", "prometheus", "redis-server", "dotnet" },
                servers.ToHashSet(StringComparer.Ordinal));
            first.Send(Signal.Kill);
            await GoneAsync(folder);
        }

        // What a machine leaves that was switched off: numbers of processes that are not there, or not ours.
        await File.WriteAllTextAsync(Path.Combine(folder, "redis", "redis.pid"), "1\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "postgres", "data", "postmaster.pid"), $"{Environment.ProcessId}\n", Cancellation);

        await using (var second = await SandboxProcess.StartAsync(folder, Cancellation))
        {
            Assert.Contains(second.Output, line => line.Contains("Sandbox ready", StringComparison.Ordinal));
            Assert.Contains(second.Output, line => line.Contains("reconciliation rows", StringComparison.Ordinal) && line.EndsWith("kept", StringComparison.Ordinal));

            await using var third = await SandboxProcess.StartAsync(folder, Cancellation);
            var (code, errors) = await third.EndAsync(Cancellation);
            Assert.Equal(2, code);
            Assert.Contains($"process {second.Id}", errors, StringComparison.Ordinal);

            second.Send(Signal.Interrupt);
            Assert.Equal(0, (await second.EndAsync(Cancellation)).Code);
            Assert.Empty(SandboxProcess.ProcessesIn(folder));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_server_that_dies_is_named_and_ends_the_sandbox_and_its_past_has_the_shape_of_its_present()
    {
        var folder = SandboxProcess.NewFolder();
        await using (var sandbox = await SandboxProcess.StartAsync(folder, Cancellation))
        {
            Assert.True(sandbox.Output.Count > 0 && sandbox.Output[^1].Contains("Sandbox ready", StringComparison.Ordinal), string.Join('\n', sandbox.Output));
            await SamePastAndPresentAsync(new Uri(sandbox.Setting("Sources__Prometheus__Url")));

            var redis = SandboxProcess.ProcessesIn(folder).First(p => p.Value == "redis-server").Key;
            ChildProcess.Send(redis, Signal.Kill);
            var (code, errors) = await sandbox.EndAsync(Cancellation);

            Assert.Equal(1, code);
            Assert.StartsWith("redis: it ended with exit code", errors, StringComparison.Ordinal);
            Assert.Empty(SandboxProcess.ProcessesIn(folder));
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Each series of the past, by its name and the names of its labels, has one like it now; so a query sees no seam.</summary>
    private static async Task SamePastAndPresentAsync(Uri prometheus)
    {
        using var http = new HttpClient { BaseAddress = prometheus };
        var now = TimeProvider.System.GetUtcNow();

        // Errors are rare: those of the past need not have happened yet.
        var past = await ShapesAsync(http, "{job=~\".+\",http_response_status_code!~\"[45]..\",__name__!~\"ALERTS.*\"}", now.AddHours(-3), now.AddHours(-2));
        Assert.Contains("http_server_request_duration_seconds_bucket", string.Join(' ', past), StringComparison.Ordinal);
        HashSet<string> missing;
        var start = TimeProvider.System.GetTimestamp();
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancellation);
            var present = await ShapesAsync(http, "{job=~\".+\"}", now, TimeProvider.System.GetUtcNow());
            missing = [.. past.Except(present)];
        }
        while (missing.Count > 0 && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60));

        Assert.Empty(missing);
    }

    private static async Task<HashSet<string>> ShapesAsync(HttpClient http, string selector, DateTimeOffset from, DateTimeOffset to)
    {
        var address = $"/api/v1/series?match[]={Uri.EscapeDataString(selector)}&start={from.ToUnixTimeSeconds()}&end={to.ToUnixTimeSeconds()}";
        using var answer = JsonDocument.Parse(await http.GetStringAsync(address, Cancellation));
        return [.. answer.RootElement.GetProperty("data").EnumerateArray()
            .Select(s => $"{s.GetProperty("__name__").GetString()} {string.Join(' ', s.EnumerateObject().Select(p => p.Name).Order())}")];
    }

    private static async Task GoneAsync(string folder)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (SandboxProcess.ProcessesIn(folder).Count > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), string.Join(", ", SandboxProcess.ProcessesIn(folder).Values));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }
}
