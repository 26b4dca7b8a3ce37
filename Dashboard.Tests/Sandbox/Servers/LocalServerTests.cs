using System.Net;
using System.Net.Sockets;
using Dashboard.Sandbox.Servers;

namespace Dashboard.Tests.Sandbox.Servers;

public sealed class LocalServerTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exporters_report_that_their_servers_are_up_and_later_that_they_are_down()
    {
        await using var postgres = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation);
        await using var redis = await RedisServer.StartAsync(new RedisOptions(), Cancellation);
        await using var postgresExporter = await PostgresExporter.StartAsync(new PostgresExporterOptions(postgres), Cancellation);
        await using var redisExporter = await RedisExporter.StartAsync(new RedisExporterOptions(redis.Port), Cancellation);

        var postgresMetrics = await Http.GetStringAsync(postgresExporter.Metrics, Cancellation);
        Assert.Contains("\npg_up 1", postgresMetrics, StringComparison.Ordinal);
        Assert.Contains("\npg_stat_activity_count{", postgresMetrics, StringComparison.Ordinal);
        Assert.Contains("\npg_settings_max_connections{", postgresMetrics, StringComparison.Ordinal);
        Assert.Contains("\nredis_up 1", await Http.GetStringAsync(redisExporter.Metrics, Cancellation), StringComparison.Ordinal);

        await postgres.StopAsync(Cancellation);
        await redis.StopAsync(Cancellation);
        Assert.Contains("\npg_up 0", await Http.GetStringAsync(postgresExporter.Metrics, Cancellation), StringComparison.Ordinal);
        Assert.Contains("\nredis_up 0", await Http.GetStringAsync(redisExporter.Metrics, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_keeps_its_samples_and_its_port_through_a_restart()
    {
        var history = Path.GetTempFileName();
        await File.WriteAllTextAsync(history, "# TYPE answer gauge\nanswer 42 1700000000\n# EOF\n", Cancellation);
        await using var server = await PrometheusServer.StartAsync(new PrometheusOptions(History: [history]), Cancellation);
        File.Delete(history);
        var port = server.Port;

        await server.StopAsync(Cancellation);
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.GetAsync(server.Address, Cancellation));
        await server.ResumeAsync(Cancellation);

        Assert.Equal(port, server.Port);
        var answer = await Http.GetStringAsync(new Uri(server.Address, "/api/v1/query?query=answer&time=1700000000"), Cancellation);
        Assert.Contains("\"42\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_with_the_servers_own_words()
    {
        var configuration = Path.GetTempFileName();
        await File.WriteAllTextAsync(configuration, "scrape_intervall: 15s\n", Cancellation);

        var failure = await Assert.ThrowsAsync<ServerFailedException>(
            () => PrometheusServer.StartAsync(new PrometheusOptions(ConfigurationFile: configuration), Cancellation));

        Assert.Contains("scrape_intervall", failure.Message, StringComparison.Ordinal);
        File.Delete(configuration);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_its_number()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<ServerFailedException>(
            () => RedisServer.StartAsync(new RedisOptions(Port: port), Cancellation));

        Assert.Contains($"port {port} is in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_is_reported_and_one_that_was_stopped_is_not()
    {
        await using var server = await RedisServer.StartAsync(new RedisOptions(), Cancellation);
        var failed = new TaskCompletionSource<ServerFailedException>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Failed += failed.SetResult;

        await server.StopAsync(Cancellation);
        await server.ResumeAsync(Cancellation);
        Assert.False(failed.Task.IsCompleted);

        ChildProcess.Send(server.ProcessId!.Value, Signal.Kill);
        Assert.Equal("redis", (await failed.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Server);
    }

    [Fact]
    public async Task A_server_left_over_in_the_same_directory_is_ended_first()
    {
        var directory = Directory.CreateTempSubdirectory("sandbox-test-").FullName;
        var first = await RedisServer.StartAsync(new RedisOptions(directory), Cancellation);
        var leftover = first.ProcessId!.Value;

        await using (var second = await RedisServer.StartAsync(new RedisOptions(directory), Cancellation))
        {
            Assert.False(Leftovers.IsOurs(leftover, directory));
            Assert.True(second.IsRunning);
        }

        await first.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_pid_file_that_names_somebody_elses_process_harms_nobody()
    {
        await using var other = await RedisServer.StartAsync(new RedisOptions(), Cancellation);
        var directory = Directory.CreateTempSubdirectory("sandbox-test-").FullName;
        var pidFile = Path.Combine(directory, "redis.pid");
        await File.WriteAllTextAsync(pidFile, $"{other.ProcessId}\n", Cancellation);

        Assert.Null(await Leftovers.EndAsync(pidFile, directory, Cancellation));

        Assert.True(other.IsRunning);
        Assert.False(File.Exists(pidFile));
        Directory.Delete(directory);
    }
}
