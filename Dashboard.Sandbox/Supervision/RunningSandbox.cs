using System.Collections.Concurrent;
using System.Globalization;
using Dashboard.Sandbox.Control;
using Dashboard.Sandbox.Elasticsearch;
using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Jaeger;
using Dashboard.Sandbox.MetricHistory;
using Dashboard.Sandbox.Reconciliation;
using Dashboard.Sandbox.Servers;
using Dashboard.Sandbox.Story;
using Dashboard.Sandbox.Traffic;
using Npgsql;

namespace Dashboard.Sandbox.Supervision;

/// <summary>Everything that the sandbox runs, started side by side as far as one does not need the other.</summary>
public sealed class RunningSandbox(SandboxOptions options, SandboxFolder folder, StartProgress progress) : IAsyncDisposable
{
    private const int TrafficSeed = 2000;

    private readonly ConcurrentStack<IAsyncDisposable> _servers = new();
    private readonly List<OutageSwitch> _switches = [];
    private readonly CancellationTokenSource _trafficEnd = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly FaultSet _partnerFaults = new(TimeProvider.System);
    private SandboxPorts? _ports;
    private DotnetServer? _dashboard;
    private ControlServer? _control;
    private DotnetServer? _service;
    private TrafficGenerator? _traffic;
    private Task _trafficRuns = Task.CompletedTask;

    /// <summary>Faults with a <see cref="ServerFailedException"/> when a part ends that nobody stopped; never completes otherwise.</summary>
    public Task Failure => _failure.Task;

    private SandboxPorts Ports => _ports ?? throw new InvalidOperationException("Not started.");

    private TrafficGenerator Traffic => _traffic ?? throw new InvalidOperationException("Not started.");

    private static string Deployed => Path.Combine(AppContext.BaseDirectory, "deploy");

    /// <exception cref="ServerFailedException">A part is not installed, ended by itself or does not answer.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var leftovers = await folder.EndLeftoversAsync(cancellation);
        if (leftovers > 0)
            progress.Say($"Ended {leftovers} processes that a killed run had left behind.");
        var story = await folder.StoryAsync(_clock, cancellation);
        _ports = new SandboxPorts(options.UsualPorts);
        progress.Say($"Starting the sandbox in {folder.Path}");
        foreach (var moved in Ports.Moved)
            progress.Say($"  {moved}");

        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var passwords = await PasswordsAsync(cancellation);
        var history = new RequestHistory(story);
        await AllAsync(
            others,
            StartStoresAsync(story, history, passwords, others),
            StartLogsAsync(history, others.Token),
            StartMonitoringAsync(story, others.Token));
        await StartControlAsync(cancellation);
        await StartDashboardAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();
        await _trafficEnd.CancelAsync();
        await _trafficRuns;
        if (_control is not null)
            await _control.DisposeAsync();
        if (_service is not null)
            await _service.DisposeAsync();
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
        File.Delete(Path.Combine(folder.Path, DashboardEnvironment.FileName));
        _traffic?.Dispose();
        _trafficEnd.Dispose();
    }

    /// <summary>What keeps data, and the service that works on it.</summary>
    private async Task StartStoresAsync(
        SandboxStory story, RequestHistory history, ReconciliationPasswords passwords, CancellationTokenSource others)
    {
        var cancellation = others.Token;
        var postgres = StartPostgresAsync(story, passwords, cancellation);
        var redis = StartRedisAsync(cancellation);
        var traces = StartEmbeddedAsync(
            "jaeger", "Traces (embedded)", Ports.Jaeger,
            async token => await JaegerServer.StartAsync(new JaegerServerOptions { QueryPort = Ports.Jaeger, OtlpPort = Ports.Otlp, History = history }, _clock, token),
            cancellation);
        await AllAsync(others, postgres, redis, traces);
        await StartServiceAsync((await postgres).ConnectionString(ReconciliationDatabase.AppRole, passwords.App, ReconciliationDatabase.Name), cancellation);
    }

    // Reading in the past's documents takes the longest; the service keeps its own until somebody takes them.
    private Task StartLogsAsync(RequestHistory history, CancellationToken cancellation) => StartEmbeddedAsync(
        "elasticsearch", "Logs (embedded)", Ports.Elasticsearch,
        async token => await ElasticsearchServer.StartAsync(new ElasticsearchServerOptions { Port = Ports.Elasticsearch, History = history }, _clock, token),
        cancellation);

    private async Task<PostgresServer> StartPostgresAsync(SandboxStory story, ReconciliationPasswords passwords, CancellationToken cancellation)
    {
        var postgres = await progress.StepAsync(
            "postgres", () => PostgresServer.StartAsync(new PostgresOptions(folder.Of("postgres"), Ports.Postgres), cancellation), s => $"127.0.0.1:{s.Port}");
        Keep(postgres, "The reconciliation database");
        await progress.StepAsync(
            "reconciliation rows",
            async () =>
            {
                await ReconciliationDatabase.ApplyAsync(postgres.ConnectionString(), passwords, ReconciliationDatabase.Name, cancellation);
                await using var database = NpgsqlDataSource.Create(
                    postgres.ConnectionString(ReconciliationDatabase.AppRole, passwords.App, ReconciliationDatabase.Name));
                return await new LedgerHistory(story).SeedAsync(database, cancellation);
            },
            written => written ? $"{LedgerHistory.Days} days" : "kept");
        var queries = Path.Combine(Deployed, "prometheus", "postgres-exporter-queries.yml");
        var exporter = await progress.StepAsync(
            "postgres exporter",
            () => PostgresExporter.StartAsync(
                new PostgresExporterOptions(postgres, queries, folder.Of("postgres-exporter"), Ports.PostgresExporter), cancellation),
            s => $"127.0.0.1:{s.Port}");
        Keep(exporter, "Metrics of PostgreSQL");
        return postgres;
    }

    private async Task StartRedisAsync(CancellationToken cancellation)
    {
        var redis = await progress.StepAsync(
            "redis", () => RedisServer.StartAsync(new RedisOptions(folder.Of("redis"), Ports.Redis), cancellation), s => s.Address);
        Keep(redis, "The service's cache");
        var exporter = await progress.StepAsync(
            "redis exporter",
            () => RedisExporter.StartAsync(new RedisExporterOptions(redis.Port, folder.Of("redis-exporter"), Ports.RedisExporter), cancellation),
            s => $"127.0.0.1:{s.Port}");
        Keep(exporter, "Metrics of Redis");
    }

    private async Task StartEmbeddedAsync<T>(
        string name, string description, int port, Func<CancellationToken, Task<T>> start, CancellationToken cancellation)
        where T : class, IAsyncDisposable
    {
        var server = new EmbeddedServer<T>(start);
        _servers.Push(server);
        await progress.StepAsync(
            name,
            async () =>
            {
                // Reading the past in keeps a core busy for a while: not on the thread that starts the rest.
                await Task.Run(() => server.StartAsync(cancellation), cancellation);
                return server;
            },
            _ => $"127.0.0.1:{port}");
        Add(server.Switch(name, description));
    }

    private async Task StartServiceAsync(string database, CancellationToken cancellation)
    {
        var partner = await PartnerServer.StartAsync(0, _partnerFaults, _clock, cancellation);
        _servers.Push(partner);
        var environment = new Dictionary<string, string>(ReconciliationService.ProcessEnvironment)
        {
            ["RECONCILIATION_DATABASE"] = database,
            ["RECONCILIATION_REDIS"] = $"127.0.0.1:{Ports.Redis}",
            ["RECONCILIATION_PARTNER"] = partner.Address.AbsoluteUri,
            ["RECONCILIATION_ELASTICSEARCH"] = $"http://127.0.0.1:{Ports.Elasticsearch}",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{Ports.Otlp}",
        };
        var port = Ports.Service.ToString(CultureInfo.InvariantCulture);
        var service = await progress.StepAsync(
            "reconciliation service",
            () => DotnetServer.StartAsync(
                new DotnetServerOptions("service", typeof(RunningSandbox).Assembly.Location, ["service", "--port", port], Ports.Service, folder.Of("service"))
                {
                    Environment = environment,
                },
                cancellation),
            s => $"{s.Address}");
        _service = service;
        service.Failed += Fail;
        Add(OutageSwitch.Of(service, "The monitored service"));
        _traffic = new TrafficGenerator(service.Address, TrafficSeed, _clock);
        _trafficRuns = _traffic.RunAsync(_trafficEnd.Token);
    }

    private async Task StartMonitoringAsync(SandboxStory story, CancellationToken cancellation)
    {
        var alertmanager = await progress.StepAsync(
            "alertmanager",
            () => AlertmanagerServer.StartAsync(
                new AlertmanagerOptions(Path.Combine(Deployed, "alertmanager", "alertmanager.yml"), folder.Of("alertmanager"), Ports.Alertmanager), cancellation),
            s => $"{s.Address}");
        Keep(alertmanager, "Alerts");

        var directory = folder.Of("prometheus");
        var rules = Path.Combine(Deployed, "prometheus");
        await FillMetricsAsync(story, directory, Path.Combine(rules, "alerts.yml"), cancellation);
        var configuration = Path.Combine(directory, "prometheus.yml");
        var targets = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            [SandboxStory.Instance] = Ports.Service,
            ["postgres-exporter:9187"] = Ports.PostgresExporter,
            ["redis-exporter:9121"] = Ports.RedisExporter,
            ["alertmanager:9093"] = Ports.Alertmanager,
        };
        var deployed = await File.ReadAllTextAsync(Path.Combine(rules, "prometheus.yml"), cancellation);
        await File.WriteAllTextAsync(configuration, PrometheusConfiguration.OnLoopback(deployed, rules, targets), cancellation);
        var prometheus = await progress.StepAsync(
            "prometheus", () => PrometheusServer.StartAsync(new PrometheusOptions(directory, Ports.Prometheus, configuration), cancellation), s => $"{s.Address}");
        Keep(prometheus, "Metrics");
    }

    private async Task FillMetricsAsync(SandboxStory story, string directory, string rules, CancellationToken cancellation)
    {
        var filled = Path.Combine(directory, "history-filled");
        if (File.Exists(filled))
            return;

        // What an interrupted run left.
        var database = Path.Combine(directory, "data");
        if (Directory.Exists(database))
            Directory.Delete(database, recursive: true);
        await progress.StepAsync(
            "metric history",
            async () =>
            {
                await MetricBackfill.FillAsync(story, rules, database, cancellation);
                await File.WriteAllTextAsync(filled, "", cancellation);
                return true;
            },
            _ => $"{MetricBackfill.Length.TotalDays:0} days");
    }

    private async Task StartControlAsync(CancellationToken cancellation)
    {
        var dashboard = options.Dashboard is null ? null : new Uri($"http://127.0.0.1:{options.DashboardPort}");
        var control = await ControlServer.StartAsync(
            new ControlOptions(Ports.Control, new Uri($"http://127.0.0.1:{Ports.Service}"), dashboard),
            new SandboxServers([.. _switches.OrderBy(s => s.Name, StringComparer.Ordinal)]),
            Traffic,
            _partnerFaults,
            cancellation);
        _control = control;
        progress.Say($"Faults, load and outages: {new Uri(control.Address, "/sandbox")}");
    }

    private async Task StartDashboardAsync(CancellationToken cancellation)
    {
        var settings = DashboardEnvironment.For(Ports, options.DashboardPort, folder.Of("dashboard"), ReaderPasswordFile);
        var file = Path.Combine(folder.Path, DashboardEnvironment.FileName);
        await DashboardEnvironment.WriteAsync(file, settings, cancellation);
        if (options.Dashboard is null)
        {
            progress.Say($"Sandbox ready. The settings for a dashboard are in {file}");
            return;
        }

        var dashboard = await DotnetServer.StartAsync(
            new DotnetServerOptions("dashboard", options.Dashboard, [], options.DashboardPort, folder.Of("dashboard")) { Environment = settings, Speaks = true },
            cancellation);
        _dashboard = dashboard;
        dashboard.Failed += Fail;
    }

    private string ReaderPasswordFile => Path.Combine(folder.Of("passwords"), "dashboard_reader");

    private async Task<ReconciliationPasswords> PasswordsAsync(CancellationToken cancellation) => new(
        await SecretFile.ReadOrCreateAsync(Path.Combine(folder.Of("passwords"), "reconciliation_app"), cancellation),
        await SecretFile.ReadOrCreateAsync(ReaderPasswordFile, cancellation),
        await SecretFile.ReadOrCreateAsync(Path.Combine(folder.Of("postgres-exporter"), PostgresExporter.PasswordFileName), cancellation));

    private void Keep(LocalServer server, string description)
    {
        _servers.Push(server);
        server.Failed += Fail;
        Add(OutageSwitch.Of(server, description));
    }

    private void Add(OutageSwitch added)
    {
        lock (_switches)
            _switches.Add(added);
    }

    private void Fail(ServerFailedException failure) => _failure.TrySetException(failure);

    /// <summary>Waits for all; the first that fails ends the others, and its reason is the one that is told.</summary>
    private static Task AllAsync(CancellationTokenSource others, params IEnumerable<Task> tasks) => Task.WhenAll(tasks.Select(async task =>
    {
        try
        {
            await task;
        }
        catch
        {
            await others.CancelAsync();
            throw;
        }
    }));
}
