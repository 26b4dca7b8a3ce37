using System.Globalization;
using System.Net;
using System.Text.Json;
using Dashboard.Sandbox.Servers;
using Dashboard.Tests.Support;
using Dashboard.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dashboard.Tests.Host;

/// <summary>The whole dashboard, collecting every second from a server that misbehaves as it is told and from a real database.</summary>
public sealed class FaultsReachTheCardTests : IAsyncLifetime
{
    private const string Metric = "orders-open";
    private const string Rows = "orders-booked";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FaultServer _prometheus = new(Healthy());
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dashboard-faults-");
    private readonly HttpClient _client = new();
    private PostgresServer _database = null!;
    private WebApplication _dashboard = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgresServer.StartAsync(new PostgresOptions(), Cancellation);
        _dashboard = await StartAsync(_database.Password);
        _client.BaseAddress = new Uri(_dashboard.Urls.Single());
        await SeeAsync(Metric, "met");
        await SeeAsync(Rows, "met");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await StopAsync();
        await _database.DisposeAsync();
        await _prometheus.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_fault_of_a_source_is_its_own_reason_and_passes_without_a_restart()
    {
        (string Fault, Fault Reply, string Status, string Reason)[] faults =
        [
            ("a wrong path", Faults.Status(HttpStatusCode.NotFound, "404 page not found\n", "text/plain"), "source_down", "Prometheus"),
            ("a source that hangs", Faults.Hang, "source_down", "did not answer within"),
            ("a 401", Faults.Status(HttpStatusCode.Unauthorized, "{}"), "source_down", "(401)"),
            ("a 500", Faults.Status(HttpStatusCode.InternalServerError, "boom", "text/plain"), "source_down", "failed with 500"),
            ("an HTML page", Faults.Html(), "source_down", "an HTML page"),
            ("200 MB", Faults.Flood, "source_down", "longer than"),
            ("NaN", Vector(_ => "NaN"), "no_data", ""),
            ("infinity", Vector(_ => "+Inf"), "no_data", ""),
            ("nothing", Result("[]"), "no_data", ""),
            ("two results", Result("""[{"metric":{"a":"1"},"value":[NOW,"5"]},{"metric":{"a":"2"},"value":[NOW,"6"]}]"""), "source_down", "2 results"),
            ("a part", Result("""[{"metric":{},"value":[NOW,"VALUE"]}]""", ""","warnings":["one store did not answer"]"""), "at_risk", "one store did not answer"),
            ("a clock ten minutes ahead", Vector(AsAsked, TimeSpan.FromMinutes(10)), "stale", "clock"),
        ];
        foreach (var (fault, reply, status, reason) in faults)
        {
            _prometheus.Reply = reply;
            var kpi = await SeeAsync(Metric, status, reason);
            Assert.False(string.IsNullOrEmpty(kpi.GetProperty("reason").GetString()), fault);
            if (status is "no_data" or "source_down")
                Assert.Equal(JsonValueKind.Null, kpi.GetProperty("value").ValueKind);
            Assert.Equal("met", (await KpiAsync(Rows)).GetProperty("status").GetString());

            _prometheus.Reply = Healthy();
            await SeeAsync(Metric, "met");
        }
    }

    [Fact]
    public async Task A_refused_connection_is_told_and_passes()
    {
        await _prometheus.CloseAsync();
        await SeeAsync(Metric, "source_down", "Prometheus refused the connection at http://127.0.0.1");
        Assert.Equal("met", (await KpiAsync(Rows)).GetProperty("status").GetString());
        _prometheus.Reopen();
        await SeeAsync(Metric, "met");
    }

    [Fact]
    public async Task A_database_that_restarts_and_a_wrong_password_are_told_and_the_other_cards_stay_live()
    {
        await _database.StopAsync(Cancellation);
        await SeeAsync(Rows, "source_down", "PostgreSQL");
        var before = (await KpiAsync(Metric)).GetProperty("measuredAt").GetDateTimeOffset();
        await SeeAsync(Metric, "met", until: kpi => kpi.GetProperty("measuredAt").GetDateTimeOffset() > before);
        await _database.ResumeAsync(Cancellation);
        await SeeAsync(Rows, "met");

        await StopAsync();
        _dashboard = await StartAsync("wrong");
        using var client = new HttpClient { BaseAddress = new Uri(_dashboard.Urls.Single()) };
        var kpi = await SeeAsync(Rows, "source_down", "does not let the dashboard in", client: client);
        Assert.DoesNotContain("wrong", kpi.ToString(), StringComparison.Ordinal);
        await SeeAsync(Metric, "met", client: client);
    }

    private async Task<WebApplication> StartAsync(string password)
    {
        var app = DashboardApp.Build(
            [
                "--Dashboard:Port=0", $"--History:Path={Path.Combine(_data.FullName, "history.db")}", "--Collection:Interval=00:00:01", "--Collection:ProbeInterval=00:00:01",
                "--Collection:Backfill=00:00:00", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Dashboard=None",
                $"--Sources:Prometheus:Url={_prometheus.Url}", "--Sources:Prometheus:Timeout=00:00:02", "--Sources:Prometheus:Rest=00:00:01",
                "--Sources:Prometheus:MaxResponseMegabytes=1", "--Sources:Jaeger:Url=http://127.0.0.1:1", "--Sources:Elasticsearch:Url=http://127.0.0.1:1",
                $"--Sources:Postgres:Port={_database.Port}", "--Sources:Postgres:Database=postgres", $"--Sources:Postgres:Username={PostgresServer.Superuser}",
                $"--Sources:Postgres:Password={password}", "--Sources:Postgres:Timeout=00:00:03",
                $"--Kpis:0:Id={Metric}", "--Kpis:0:Name=Open orders", "--Kpis:0:Unit=orders", "--Kpis:0:Target=< 50", "--Kpis:0:Source=prometheus",
                "--Kpis:0:Query=orders_open", "--Kpis:0:Interval=1s",
                $"--Kpis:1:Id={Rows}", "--Kpis:1:Name=Booked orders", "--Kpis:1:Unit=orders", "--Kpis:1:Target=< 50", "--Kpis:1:Source=postgres", "--Kpis:1:Interval=1s",
                "--Kpis:1:Query=select 5.0::double precision as value, 3::bigint as samples, now() as since, now() as newest where @from < @to",
            ],
            builder => builder.Services.Replace(ServiceDescriptor.Singleton(TextWriter.Null)));
        await app.StartAsync(Cancellation);
        return app;
    }

    private async Task StopAsync()
    {
        await _dashboard.StopAsync(CancellationToken.None);
        await _dashboard.DisposeAsync();
    }

    /// <summary>Waits until the API shows a KPI so; it may never be met on the way there unless that is what is waited for.</summary>
    private async Task<JsonElement> SeeAsync(string id, string status, string reason = "", Func<JsonElement, bool>? until = null, HttpClient? client = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        var seen = "";
        try
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (await tick.WaitForNextTickAsync(patience.Token))
            {
                if (await FindAsync(client ?? _client, id, patience.Token) is not { } kpi)
                    continue;
                seen = $"{kpi.GetProperty("status")}: {kpi.GetProperty("reason")}";
                if (kpi.GetProperty("status").GetString() == status && (kpi.GetProperty("reason").GetString() ?? "").Contains(reason, StringComparison.Ordinal)
                    && until?.Invoke(kpi) is not false)
                    return kpi;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{id} should have become {status} ({reason}); last seen: {seen}");
        }

        throw new System.Diagnostics.UnreachableException();
    }

    private async Task<JsonElement> KpiAsync(string id) => (await FindAsync(_client, id, Cancellation))!.Value;

    private static async Task<JsonElement?> FindAsync(HttpClient client, string id, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri("/api/v1/scorecard", UriKind.Relative), cancellation);
        if (answer.StatusCode is not HttpStatusCode.OK)
            return null;
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return document.RootElement.GetProperty("kpis").EnumerateArray().First(k => k.GetProperty("id").GetString() == id).Clone();
    }

    private static Fault Healthy() => Vector(AsAsked);

    /// <summary>5, or the time of the newest sample where that is asked for.</summary>
    private static string AsAsked(FaultRequest request) => request.Parameters.GetValueOrDefault("query", "").Contains("timestamp(", StringComparison.Ordinal) ? Unix(TimeProvider.System.GetUtcNow()) : "5";

    private static Fault Vector(Func<FaultRequest, string> value, TimeSpan ahead = default) => Faults.ByRequest(request =>
        Answer($$"""[{"metric":{},"value":[NOW,"{{value(request)}}"]}]""", "", ahead, request));

    private static Fault Result(string result, string beside = "") => Faults.ByRequest(request => Answer(result, beside, TimeSpan.Zero, request));

    private static Fault Answer(string result, string beside, TimeSpan ahead, FaultRequest request)
    {
        var now = TimeProvider.System.GetUtcNow() + ahead;
        var data = request.Path.EndsWith("/query", StringComparison.Ordinal)
            ? $$"""{"resultType":"vector","result":{{result.Replace("NOW", Unix(now), StringComparison.Ordinal).Replace("VALUE", AsAsked(request), StringComparison.Ordinal)}}}"""
            : request.Path.EndsWith("buildinfo", StringComparison.Ordinal) ? """{"version":"2.42.0"}""" : "[]";
        return Faults.Json($$"""{"status":"success","data":{{data}}{{beside}}}""", now);
    }

    private static string Unix(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture);
}
