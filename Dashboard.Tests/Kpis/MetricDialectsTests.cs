using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Kpis;

public sealed class MetricDialectsTests
{
    private readonly FakeSources _sources = new();

    [Theory]
    [InlineData("opentelemetry", "http_server_request_duration_seconds_count")]
    [InlineData("opentelemetry-without-units", "http_server_request_duration_count")]
    [InlineData("opentelemetry-dotted", "http.server.request.duration_count")]
    [InlineData("micrometer", "http_server_requests_seconds_count")]
    [InlineData("prom-client", "http_request_duration_seconds_count")]
    [InlineData("prometheus-net", "http_request_duration_seconds_count", "http_requests_received_total")]
    public async Task Names_give_the_dialect_away(string id, params string[] names)
    {
        // prom-client's names are among prometheus-net's: the service's series decide.
        _sources.Metric(q => q.StartsWith("count(http_requests_received_total{", StringComparison.Ordinal), 3).Names = [.. names, "up"];

        Assert.Equal(id, (await FindAsync())?.Id);
        Assert.Equal(id, _sources.Dialects.Current?.Id);
    }

    [Fact]
    public void Before_anything_was_asked_none_is_known() => Assert.Null(_sources.Dialects.Current);

    [Fact]
    public async Task Of_several_the_one_whose_series_the_service_has_is_meant()
    {
        _sources.Metric(q => q is "count(http_server_requests_seconds_count{job=\"reconciliation-api\"})", 12).Names =
            ["http_server_request_duration_seconds_count", "http_server_requests_seconds_count"];

        Assert.Equal("Micrometer", (await FindAsync())?.Name);
    }

    [Theory]
    [InlineData("db_client_connections_max", "Npgsql 8 and 9")]
    [InlineData("hikaricp_max_connections", "HikariCP")]
    [InlineData("hikaricp_connections_max", "HikariCP by Micrometer")]
    [InlineData("pg_settings_max_connections", "PostgreSQL server")]
    public async Task The_pool_is_found_apart_from_the_rest(string metric, string pool)
    {
        _sources.Names = ["http_server_request_duration_seconds_count", metric];

        Assert.Equal(pool, (await FindAsync())?.Pool.Name);
    }

    [Fact]
    public async Task The_client_s_pool_comes_before_the_server_s_count()
    {
        _sources.Names = ["http_requests_received_total", "http_request_duration_seconds_count", "pg_settings_max_connections", "db_client_connection_max"];

        Assert.Equal("Npgsql 10", (await FindAsync())?.Pool.Name);
    }

    [Fact]
    public async Task The_memory_is_found_apart_from_the_rest()
    {
        _sources.Names = ["http_server_request_duration_seconds_count", "process_resident_memory_bytes"];

        Assert.Equal("process_resident_memory_bytes", (await FindAsync())?.Memory.Metric);
    }

    [Fact]
    public async Task A_set_dialect_is_not_second_guessed()
    {
        var dialects = new MetricDialects(_sources, new MetricSettings { Dialect = "micrometer" }, _sources.Clock);

        Assert.Equal("micrometer", (await dialects.FindAsync(TestContext.Current.CancellationToken))?.Id);
    }

    [Fact]
    public async Task A_known_dialect_is_looked_at_again_every_five_minutes_only()
    {
        await FindAsync();
        _sources.Clock.Advance(TimeSpan.FromMinutes(4));
        await FindAsync();
        Assert.Single(_sources.Asked, "names");

        _sources.Clock.Advance(TimeSpan.FromMinutes(2));
        await FindAsync();
        Assert.Equal(2, _sources.Asked.Count(q => q is "names"));
    }

    [Fact]
    public async Task When_its_names_vanish_and_others_come_the_new_one_is_used_within_seconds()
    {
        await FindAsync();
        _sources.Names = ["http_requests_received_total", "http_request_duration_seconds_count"];
        _sources.Metric(q => q.StartsWith("up{", StringComparison.Ordinal), 1);
        _sources.Clock.Advance(TimeSpan.FromSeconds(20));

        await _sources.ReadAsync("error-rate");
        await _sources.ReadAsync("error-rate");

        Assert.Equal("prometheus-net", _sources.Dialects.Current?.Id);
    }

    [Fact]
    public async Task While_Prometheus_fails_what_was_known_stays()
    {
        await FindAsync();
        _sources.Clock.Advance(TimeSpan.FromMinutes(6));
        _sources.Failure = new SourceException(new(Core.Kpis.SourceKind.Prometheus, FailureKind.Unreachable, "Prometheus refused the connection.", ""));

        Assert.Equal("opentelemetry", (await FindAsync())?.Id);
    }

    [Fact]
    public async Task What_could_not_be_asked_is_asked_again_at_once()
    {
        _sources.Failure = new SourceException(new(Core.Kpis.SourceKind.Prometheus, FailureKind.Unreachable, "Prometheus refused the connection.", ""));
        await Assert.ThrowsAsync<SourceException>(FindAsync);
        _sources.Failure = null;

        Assert.NotNull(await FindAsync());
    }

    [Fact]
    public async Task What_was_found_out_can_be_read() =>
        Assert.Equal("OpenTelemetry .NET; pool: Npgsql 10; memory: dotnet_process_memory_working_set_bytes", (await FindAsync())?.Description);

    private Task<MetricDialect?> FindAsync() => _sources.Dialects.FindAsync(TestContext.Current.CancellationToken);
}
