using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Sources;
using Dashboard.Sandbox.Servers;
using Dashboard.Tests.Repository;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Dashboard.Tests.Kpis;

/// <summary>The SQL of the business KPIs against a real PostgreSQL with the service's schema, as the role that may only read.</summary>
public sealed class BusinessStatementTests(BusinessStatementTests.Database database) : IClassFixture<BusinessStatementTests.Database>
{
    [Theory]
    [InlineData("user-satisfaction", 4.5, 4)]
    [InlineData("task-completion", 75, 4)]
    [InlineData("data-accuracy", 99.5, 2)]
    public async Task A_business_KPI_is_worked_out_from_the_rows_of_its_window(string id, double value, long samples)
    {
        var reading = await ReadAsync(id);

        Assert.Equal((value, samples), (reading.Value, reading.SampleCount));
        Assert.InRange(TimeProvider.System.GetUtcNow() - reading.MeasuredAt, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(reading.Coverage!.Value, 0.01, 0.99);
        Assert.Null(reading.FreshnessProblem);
    }

    [Fact]
    public async Task A_window_without_rows_has_no_value()
    {
        var reading = await ReadAsync("data-accuracy", window: TimeSpan.FromSeconds(1));

        Assert.Null(reading.Value);
        Assert.Equal("The database has nothing to measure in the last 1 s.", reading.NoValueReason);
    }

    private async Task<KpiReading> ReadAsync(string id, TimeSpan? window = null)
    {
        var kpi = FakeSources.Kpi(id);
        var measurement = new SqlMeasurement(database.Business, TimeProvider.System);
        var outcome = await measurement.MeasureAsync(kpi with { Window = window ?? kpi.Window }, (KpiQuery.Sql)kpi.Query, TestContext.Current.CancellationToken);
        return Assert.IsType<KpiOutcome.Measured>(outcome).Reading;
    }

    public sealed class Database : IAsyncLifetime
    {
        private PostgresServer? _server;
        private ServiceProvider? _provider;

        public IBusinessSource Business => _provider!.GetRequiredService<IBusinessSource>();

        public async ValueTask InitializeAsync()
        {
            var cancellation = TestContext.Current.CancellationToken;
            _server = await PostgresServer.StartAsync(new PostgresOptions(), cancellation);
            await using var admin = NpgsqlDataSource.Create(_server.ConnectionString());
            var schema = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "deploy", "postgres", "schema.sql"), cancellation);
            await using var command = admin.CreateCommand(schema + """
                ;
                alter role dashboard_reader password 'reader';
                insert into feedback (score, given_at) values
                    (5, now() - interval '1 hour'), (5, now() - interval '10 days'), (4, now() - interval '20 days'), (4, now() - interval '2 minutes'),
                    (1, now() - interval '31 days');
                insert into tasks (kind, created_at, due_at, completed_at, status) values
                    ('review', now() - interval '1 hour', now(), now(), 'completed'), ('review', now() - interval '2 hours', now(), now(), 'completed'),
                    ('review', now() - interval '20 hours', now(), now(), 'completed'), ('review', now() - interval '3 hours', now(), null, 'open'),
                    ('review', now() - interval '25 hours', now(), null, 'failed');
                insert into reconciliation_runs (started_at, finished_at, status, internal_count, matched, mismatched, missing, slice_from, slice_to) values
                    (now() - interval '3 hours', now() - interval '3 hours', 'completed', 100, 100, 0, 0, now(), now()),
                    (now() - interval '1 hour', now() - interval '1 hour', 'completed', 300, 298, 1, 1, now(), now()),
                    (now() - interval '30 minutes', now() - interval '30 minutes', 'failed', 500, 0, 500, 0, now(), now()),
                    (now() - interval '25 hours', now() - interval '25 hours', 'completed', 500, 0, 500, 0, now(), now());
                """);
            await command.ExecuteNonQueryAsync(cancellation);
            _provider = TestSources.With(("Postgres:ConnectionString", _server.ConnectionString("dashboard_reader", "reader", "postgres")));
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
