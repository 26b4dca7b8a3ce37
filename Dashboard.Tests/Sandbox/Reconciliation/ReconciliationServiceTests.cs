using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Sandbox.Faults;
using Npgsql;

namespace Dashboard.Tests.Sandbox.Reconciliation;

[Collection("Faults of the running service")]
public sealed class ReconciliationServiceTests(ReconciliationFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_metrics_have_the_names_and_bounds_that_the_dashboard_asks_for()
    {
        var service = await fixture.ServiceAsync();
        await AsUserAsync(service, "metrics-1", "/api/reconciliations");
        await AsUserAsync(service, "metrics-2", "/api/partners/nobody/balance");

        var metrics = await MetricsAsync(
            service,
            line => line.Contains(
                "http_response_status_code=\"404\",http_route=\"/api/partners/{partner}/balance\"", StringComparison.Ordinal));

        string[] names =
        [
            "http_server_request_duration_seconds_count{", "http_server_active_requests{", "dotnet_process_memory_working_set_bytes{",
            "db_client_connection_max{", "reconciliation_active_users{", "reconciliation_build_info{", "db_client_operation_duration_seconds_count{",
        ];
        Assert.All(names, name => Assert.Contains($"\n{name}", metrics, StringComparison.Ordinal));
        Assert.Contains("db_client_connection_pool_name=\"reconciliation\",db_client_connection_state=\"used\"", metrics, StringComparison.Ordinal);
        string[] bounds = ["0.05", "0.15", "0.3", "1", "10", "+Inf"];
        Assert.All(bounds, bound => Assert.Contains(
            metrics.Split('\n'),
            line => line.StartsWith("http_server_request_duration_seconds_bucket{", StringComparison.Ordinal)
                && line.Contains($"le=\"{bound}\"", StringComparison.Ordinal)));
        var users = metrics.Split('\n').Single(line => line.StartsWith("reconciliation_active_users{", StringComparison.Ordinal));
        Assert.True(double.Parse(users.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) >= 2, users);
    }

    [Fact]
    public async Task Scrapes_and_probes_are_no_traffic()
    {
        var service = await fixture.ServiceAsync();
        await service.Http.GetStringAsync("/healthz", Cancellation);
        await service.Http.GetStringAsync("/metrics", Cancellation);

        var metrics = await service.Http.GetStringAsync("/metrics", Cancellation);

        Assert.DoesNotContain("/healthz", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("http_route=\"/metrics\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("/sandbox", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_has_one_access_document()
    {
        var service = await fixture.ServiceAsync();
        await AsUserAsync(service, "logged", "/api/ledgers/internal/entries");

        var (index, document) = await service.Logs.NextAsync(found => Text(found, "user.id") == "logged");

        Assert.Matches(@"^logs-reconciliation-\d{4}\.\d\d\.\d\d$", index);
        Assert.Equal("access", Text(document, "event.dataset"));
        Assert.Equal("GET", Text(document, "http.request.method"));
        Assert.Equal(200, document.GetProperty("http.response.status_code").GetInt32());
        Assert.Equal("/api/ledgers/internal/entries", Text(document, "url.path"));
        Assert.Equal("/api/ledgers/{ledger}/entries", Text(document, "http.route"));
        Assert.True(document.GetProperty("event.duration").GetInt64() > 10_000);
        Assert.Equal(("info", "success", "reconciliation-service"), (Text(document, "log.level"), Text(document, "event.outcome"), Text(document, "service.name")));
        Assert.Null(Text(document, "error.type"));
    }

    [Theory]
    [InlineData("POST", "/api/feedback", """{"score": 6}""", "score")]
    [InlineData("POST", "/api/feedback", """{"score": "good"}""", "score")]
    [InlineData("POST", "/api/feedback", "", "score")]
    [InlineData("POST", "/api/reconciliations", """{"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}""", "to")]
    [InlineData("GET", "/api/reconciliations/latest", null, "id")]
    [InlineData("POST", "/sandbox/faults", """{"slowDatabase": {"intensity": 99999}}""", "slowDatabase.intensity")]
    [InlineData("POST", "/sandbox/faults", """{"errors": {"minutes": 3}}""", "errors.minutes")]
    [InlineData("POST", "/sandbox/faults", """{"earthquake": true}""", "earthquake")]
    [InlineData("POST", "/sandbox/faults", "nonsense", "$")]
    public async Task Bad_input_is_answered_by_a_problem_that_names_the_field(string method, string path, string? body, string field)
    {
        var service = await fixture.ServiceAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body) };

        using var answer = await service.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_run_is_kept_in_the_cache_once_it_was_asked_for()
    {
        var service = await fixture.ServiceAsync();
        using var made = await service.Http.PostAsJsonAsync(
            "/api/reconciliations", new { from = "2026-01-01T00:00:00Z", to = "2026-01-02T00:00:00Z" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var before = await HitsAsync(service);

        var first = await service.Http.GetStringAsync(made.Headers.Location!, Cancellation);
        var second = await service.Http.GetStringAsync(made.Headers.Location!, Cancellation);

        Assert.Equal(first, second);
        Assert.Equal(before + 1, await HitsAsync(service));
    }

    [Fact]
    public async Task A_slow_database_shows_in_response_times_and_in_the_servers_statistics_until_it_is_cleared()
    {
        var service = await fixture.ServiceAsync();
        await SwitchAsync(service, """{"slowDatabase": {"intensity": 200}}""");
        var slow = Stopwatch.StartNew();
        await service.Http.GetStringAsync("/api/discrepancies", Cancellation);
        slow.Stop();
        await ClearAsync(service);
        var normal = Stopwatch.StartNew();
        await service.Http.GetStringAsync("/api/discrepancies", Cancellation);
        normal.Stop();

        Assert.True(slow.ElapsedMilliseconds >= 2 * 200 * 0.6, $"{slow.ElapsedMilliseconds} ms while slow");
        Assert.True(normal.ElapsedMilliseconds < slow.ElapsedMilliseconds, $"{normal.ElapsedMilliseconds} ms after");
        await using var database = NpgsqlDataSource.Create((await fixture.PostgresAsync()).ConnectionString("reconciliation"));
        await using var worst = database.CreateCommand(
            "select max(max_exec_time) from pg_stat_statements where query like '/* open discrepancies */%pg_sleep%'");
        Assert.True((double)(await worst.ExecuteScalarAsync(Cancellation))! >= 100);
    }

    [Fact]
    public async Task A_burst_of_errors_shows_in_answers_metrics_and_logs_with_its_stack_trace_until_it_is_cleared()
    {
        var service = await fixture.ServiceAsync();
        await SwitchAsync(service, """{"errors": 1}""");
        using var failed = await AsUserAsync(service, "unlucky", "/api/discrepancies");
        await ClearAsync(service);
        using var fine = await AsUserAsync(service, "lucky", "/api/discrepancies");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("application/problem+json", failed.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("SettlementRow", await failed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
        var (_, logged) = await service.Logs.NextAsync(found => Text(found, "error.type") == "System.FormatException");
        Assert.Equal("application", Text(logged, "event.dataset"));
        Assert.Contains("SettlementRow.Parse", Text(logged, "error.stack_trace"), StringComparison.Ordinal);
        await MetricsAsync(service, line =>
            line.Contains("error_type=\"System.FormatException\"", StringComparison.Ordinal)
            && line.Contains("http_response_status_code=\"500\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silent_partner_is_a_timeout_in_answers_metrics_and_logs()
    {
        var service = await fixture.ServiceAsync();
        service.PartnerFaults.Apply(new FaultChange(Fault.Timeouts, 1, null));
        using var silent = await AsUserAsync(service, "waiting", "/api/partners/northbank/balance");
        service.PartnerFaults.Clear();
        using var answered = await AsUserAsync(service, "waiting", "/api/partners/northbank/balance");

        Assert.Equal(HttpStatusCode.GatewayTimeout, silent.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        var (_, access) = await service.Logs.NextAsync(
            found => Text(found, "event.dataset") == "access" && Text(found, "error.type") == "timeout");
        Assert.Equal(504, access.GetProperty("http.response.status_code").GetInt32());
        Assert.InRange(access.GetProperty("event.duration").GetInt64(), 1_900_000_000, 10_000_000_000);
        await MetricsAsync(service, line =>
            line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains("error_type=\"timeout\"", StringComparison.Ordinal)
            && line.Contains("http_response_status_code=\"504\"", StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> AsUserAsync(RunningService service, string user, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User-Id", user);
        return await service.Http.SendAsync(request, Cancellation);
    }

    private static async Task SwitchAsync(RunningService service, string faults)
    {
        using var content = new StringContent(faults);
        using var answer = await service.Http.PostAsync("/sandbox/faults", content, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task ClearAsync(RunningService service)
    {
        using var answer = await service.Http.DeleteAsync("/sandbox/faults", Cancellation);
        var faults = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.All(faults.GetProperty("faults").EnumerateArray(), fault => Assert.False(fault.GetProperty("on").GetBoolean()));
    }

    private static async Task<double> HitsAsync(RunningService service)
    {
        var metrics = await service.Http.GetStringAsync("/metrics", Cancellation);
        var line = metrics.Split('\n').FirstOrDefault(line =>
            line.StartsWith("reconciliation_cache_requests_total{", StringComparison.Ordinal) && line.Contains("\"hit\"", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The metrics once a line is like this: a request is counted a moment after its answer was sent.</summary>
    private static async Task<string> MetricsAsync(RunningService service, Func<string, bool> like)
    {
        var metrics = "";
        for (var attempt = 0; attempt < 50; attempt++)
        {
            metrics = await service.Http.GetStringAsync("/metrics", Cancellation);
            if (metrics.Split('\n').Any(like))
                return metrics;
        }

        Assert.Fail($"No such line in the metrics:\n{metrics}");
        return metrics;
    }

    private static string? Text(JsonElement document, string field) =>
        document.TryGetProperty(field, out var value) ? value.GetString() : null;
}
