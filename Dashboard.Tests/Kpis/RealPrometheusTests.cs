using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Sandbox.Servers;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Kpis;

/// <summary>A real Prometheus with a history whose KPIs are known, for a service of each of two instrumentations and one that stopped.</summary>
public sealed class RealPrometheusTests(RealPrometheusTests.Server server) : IClassFixture<RealPrometheusTests.Server>
{
    private const string OpenTelemetry = "job=\"otel\"";
    private const string PrometheusNet = "job=\"net\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OpenTelemetry, "response-time-avg", 60)]
    [InlineData(OpenTelemetry, "response-time-p95", 177.2727)]
    [InlineData(OpenTelemetry, "response-time-p99", 286.3636)]
    [InlineData(OpenTelemetry, "requests-per-second", 100)]
    [InlineData(OpenTelemetry, "concurrent-users", 1042)]
    [InlineData(OpenTelemetry, "db-connections", 30)]
    [InlineData(OpenTelemetry, "memory-usage", 150)]
    [InlineData(OpenTelemetry, "error-rate", 0.35)]
    [InlineData(OpenTelemetry, "error-rate-4xx", 0.4)]
    [InlineData(OpenTelemetry, "error-rate-5xx", 0.3)]
    [InlineData(OpenTelemetry, "availability", 99.7)]
    [InlineData(PrometheusNet, "response-time-avg", 60)]
    [InlineData(PrometheusNet, "response-time-p95", 177.2727)]
    [InlineData(PrometheusNet, "response-time-p99", 286.3636)]
    [InlineData(PrometheusNet, "requests-per-second", 100)]
    [InlineData(PrometheusNet, "concurrent-users", 500)]
    [InlineData(PrometheusNet, "memory-usage", 96)]
    [InlineData(PrometheusNet, "error-rate", 0.5)]
    [InlineData(PrometheusNet, "error-rate-4xx", 0.3)]
    [InlineData(PrometheusNet, "error-rate-5xx", 0.4)]
    public async Task Each_KPI_has_the_value_that_was_worked_out_by_hand(string selector, string id, double value)
    {
        var reading = await ReadAsync(selector, id);

        Assert.Null(reading.NoValueReason);
        Assert.Equal(value, reading.Value!.Value, value * 0.001);
        Assert.InRange((server.Clock.GetUtcNow() - reading.MeasuredAt).TotalSeconds, 0, 8);
        Assert.Null(reading.FreshnessProblem);
    }

    [Fact]
    public async Task A_percentile_tells_its_bucket_the_exact_share_and_how_many_requests_it_rests_on()
    {
        var reading = await ReadAsync(OpenTelemetry, "response-time-p95");

        Assert.Equal((Confidence.Estimated, "p95 in (150, 300] ms"), (reading.Confidence, reading.ConfidenceDetail));
        Assert.Equal(0.94, reading.ShareUnderTarget!.Value, 0.0001);
        Assert.InRange(reading.SampleCount!.Value, 29_800, 30_200);
        Assert.Equal(1, reading.Coverage!.Value, 0.06);
    }

    [Fact]
    public async Task Thirty_days_of_which_there_are_minutes_are_covered_hardly() =>
        Assert.InRange((await ReadAsync(OpenTelemetry, "availability")).Coverage!.Value, 0, 0.01);

    [Fact]
    public async Task No_error_is_0_percent() => Assert.Equal(0, (await ReadAsync("job=\"flawless\"", "error-rate")).Value);

    [Fact]
    public async Task Requests_without_a_status_are_not_taken_for_good() => Assert.Null((await ReadAsync("job=\"unlabelled\"", "error-rate-5xx")).Value);

    [Fact]
    public async Task A_service_that_stopped_keeps_its_value_but_shows_its_age()
    {
        var reading = await ReadAsync("job=\"gone\"", "requests-per-second");

        Assert.NotNull(reading.Value);
        Assert.InRange(server.Clock.GetUtcNow() - reading.MeasuredAt, TimeSpan.FromSeconds(115), TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_said()
    {
        var reading = await ReadAsync("job=\"nobody\"", "error-rate");

        Assert.Null(reading.Value);
        Assert.Equal("Prometheus scrapes no target with job=\"nobody\": check its scrape configuration and Metrics:Selector.", reading.NoValueReason);
    }

    [Fact]
    public async Task The_past_is_as_long_as_what_Prometheus_knows()
    {
        var past = await Reader(OpenTelemetry).PastAsync(
            FakeSources.Kpi("error-rate-4xx"), TimeRange.Before(server.Clock.GetUtcNow(), TimeSpan.FromMinutes(10)), TimeSpan.FromMinutes(1), Cancellation);

        Assert.InRange(past.Samples.Length, 10, 12);
        Assert.All(past.Samples, s => Assert.Equal(0.4, s.Value, 0.001));
    }

    [Fact]
    public async Task The_checker_finds_nothing_to_say_where_all_can_be_judged_and_the_scrape_interval_where_not()
    {
        var fine = await Checker(OpenTelemetry, FakeSources.Kpi("response-time-p95"), FakeSources.Kpi("error-rate")).CheckAsync(Cancellation);
        var narrow = await Checker(OpenTelemetry, FakeSources.Kpi("error-rate") with { Window = TimeSpan.FromSeconds(15), LeastSamples = 0 }).CheckAsync(Cancellation);

        Assert.Empty(fine);
        Assert.Equal("The query looks back over 15 s, fewer than four scrapes (one every 5 s): give it 20 s or more.", Assert.Single(narrow["error-rate"]));
    }

    private async Task<KpiReading> ReadAsync(string selector, string id)
    {
        var outcome = await Reader(selector).ReadAsync(FakeSources.Kpi(id), Cancellation);
        return outcome is KpiOutcome.Measured measured ? measured.Reading : throw new Xunit.Sdk.XunitException($"{((KpiOutcome.Failed)outcome).Failure}");
    }

    private KpiReader Reader(string selector)
    {
        var settings = new MetricSettings { Selector = selector };
        var dialects = new MetricDialects(server.Metrics, settings, server.Clock);
        var shared = new SharedMetricQueries(server.Metrics, server.Clock);
        return new KpiReader(
            new MetricMeasurement(server.Metrics, shared, dialects, settings, server.Clock), new MetricPast(server.Metrics, dialects, settings), traces: null!, logs: null!, business: null!);
    }

    private TargetChecker Checker(string selector, params KpiDefinition[] kpis)
    {
        var settings = new MetricSettings { Selector = selector };
        return new(new KpiCatalog([.. kpis]), new SharedMetricQueries(server.Metrics, server.Clock), new MetricDialects(server.Metrics, settings, server.Clock), settings);
    }

    public sealed class Server : IAsyncLifetime
    {
        private PrometheusServer? _server;
        private ServiceProvider? _provider;

        public TimeProvider Clock { get; } = TimeProvider.System;

        public IMetricSource Metrics => _provider!.GetRequiredService<IMetricSource>();

        public async ValueTask InitializeAsync()
        {
            // It reaches a little into the future, so that there are samples now however long the tests take.
            var now = Clock.GetUtcNow();
            var known = new KnownMetrics(now.AddMinutes(-20), now.AddMinutes(4));
            const string Otel = "job=\"otel\",instance=\"a:2000\",http_route=\"/x\",http_request_method=\"GET\"";
            const string OtelCount = "http_server_request_duration_seconds_count";
            known.Histogram("http_server_request_duration_seconds", $"{Otel},http_response_status_code=\"200\"")
                .Counter($"{OtelCount}{{{Otel},http_response_status_code=\"200\"}}", 99.25)
                .Counter($"{OtelCount}{{{Otel},http_response_status_code=\"404\"}}", 0.4)
                .Counter($"{OtelCount}{{{Otel},http_response_status_code=\"500\",error_type=\"500\"}}", 0.2)
                .Counter($"{OtelCount}{{{Otel},http_response_status_code=\"504\",error_type=\"timeout\"}}", 0.1)
                .Counter($"{OtelCount}{{{Otel},http_response_status_code=\"200\",error_type=\"System.IO.IOException\"}}", 0.05)
                .Gauge("reconciliation_active_users{job=\"otel\",instance=\"a:2000\"}", 1000)
                .Gauge("reconciliation_active_users{job=\"otel\",instance=\"b:2000\"}", 42)
                .Gauge("dotnet_process_memory_working_set_bytes{job=\"otel\",instance=\"a:2000\"}", 90 * 1048576)
                .Gauge("dotnet_process_memory_working_set_bytes{job=\"otel\",instance=\"b:2000\"}", 150 * 1048576)
                .Gauge("db_client_connection_count{job=\"otel\",instance=\"a:2000\",db_client_connection_pool_name=\"p\",db_client_connection_state=\"used\"}", 12)
                .Gauge("db_client_connection_count{job=\"otel\",instance=\"a:2000\",db_client_connection_pool_name=\"p\",db_client_connection_state=\"idle\"}", 5)
                .Gauge("db_client_connection_max{job=\"otel\",instance=\"a:2000\",db_client_connection_pool_name=\"p\"}", 40)
                .Gauge("db_client_connection_count{job=\"otel\",instance=\"b:2000\",db_client_connection_pool_name=\"p\",db_client_connection_state=\"used\"}", 3)
                .Gauge("db_client_connection_max{job=\"otel\",instance=\"b:2000\",db_client_connection_pool_name=\"p\"}", 100)
                .Counter($"{OtelCount}{{job=\"flawless\",http_response_status_code=\"200\"}}", 10)
                .Counter($"{OtelCount}{{job=\"unlabelled\"}}", 10)
                .Counter($"{OtelCount}{{job=\"gone\",http_response_status_code=\"200\"}}", 10, until: now.AddMinutes(-2));

            const string Net = "job=\"net\",instance=\"c:80\",controller=\"X\",method=\"GET\"";
            known.Histogram("http_request_duration_seconds", $"{Net},code=\"200\"")
                .Counter($"http_request_duration_seconds_count{{{Net},code=\"200\"}}", 100)
                .Counter($"http_requests_received_total{{{Net},code=\"200\"}}", 99.3)
                .Counter($"http_requests_received_total{{{Net},code=\"400\"}}", 0.2)
                .Counter($"http_requests_received_total{{{Net},code=\"408\"}}", 0.1)
                .Counter($"http_requests_received_total{{{Net},code=\"503\"}}", 0.4)
                .Gauge("reconciliation_active_users{job=\"net\",instance=\"c:80\"}", 500)
                .Gauge("process_working_set_bytes{job=\"net\",instance=\"c:80\"}", 96 * 1048576);

            var directory = Directory.CreateTempSubdirectory("known-metrics-").FullName;
            try
            {
                _server = await PrometheusServer.StartAsync(new PrometheusOptions(History: [await known.WriteAsync(directory, Cancellation)]), Cancellation);
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }

            _provider = TestSources.With(("Prometheus:Url", _server.Address.ToString()));
        }

        public async ValueTask DisposeAsync()
        {
            if (_provider is not null)
                await _provider.DisposeAsync();
            if (_server is not null)
                await _server.DisposeAsync();
        }
    }
}
