using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Sandbox.Control;
using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Traffic;
using Dashboard.Tests.Sandbox.Reconciliation;

namespace Dashboard.Tests.Sandbox.Control;

// Faults belong to the one running service: tests that switch them take turns.
[Collection("Faults of the running service")]
public sealed class ControlServerTests(ReconciliationFixture fixture) : IDisposable
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");
    private readonly TrafficGenerator traffic = new(Nowhere, 1, TimeProvider.System);
    private readonly FaultSet partnerFaults = new(TimeProvider.System);
    private readonly HttpClient http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        traffic.Dispose();
        http.Dispose();
    }

    [Theory]
    [InlineData("Origin", "http://elsewhere.test")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "sandbox.elsewhere.test")]
    public async Task Another_site_can_not_change_anything(string header, string value)
    {
        await using var control = await StartAsync(Nowhere);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(control.Address, "/sandbox/traffic"))
        {
            Content = JsonContent.Create(new { factor = 3 }),
        };
        request.Headers.Add(header, value);

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(1, traffic.Factor);
    }

    [Fact]
    public async Task The_load_is_switched_and_a_senseless_one_refused()
    {
        await using var control = await StartAsync(Nowhere);
        var address = new Uri(control.Address, "/sandbox/traffic");

        using var switched = await http.PostAsJsonAsync(address, new { factor = 3 }, Cancellation);
        using var refused = await http.PostAsJsonAsync(address, new { factor = -1 }, Cancellation);

        Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
        Assert.Equal(3, traffic.Factor);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("\"factor\"", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_partners_fault_is_switched_here_and_the_others_in_the_service()
    {
        var service = await fixture.ServiceAsync();
        await using var control = await StartAsync(service.Http.BaseAddress!);
        var address = new Uri(control.Address, "/sandbox/faults");

        using var switched = await http.PostAsJsonAsync(
            address, new { timeouts = 0.4, memoryGrowth = new { intensity = 1, seconds = 60 } }, Cancellation);
        Assert.Equal(["timeouts", "memoryGrowth"], await OnAsync(switched));
        Assert.Equal(0.4, partnerFaults.IntensityOf(Fault.Timeouts));
        using var inService = await service.Http.GetAsync("/sandbox/faults", Cancellation);
        Assert.Contains("memoryGrowth", await OnAsync(inService));

        using var cleared = await http.DeleteAsync(address, Cancellation);
        Assert.Empty(await OnAsync(cleared));
        Assert.Equal(0, partnerFaults.IntensityOf(Fault.Timeouts));

        static async Task<List<string?>> OnAsync(HttpResponseMessage answer) =>
            [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("faults").EnumerateArray()
                .Where(fault => fault.GetProperty("on").GetBoolean()).Select(fault => fault.GetProperty("name").GetString())];
    }

    [Fact]
    public async Task A_service_that_is_down_is_named_and_nothing_is_switched()
    {
        await using var control = await StartAsync(Nowhere);

        using var answer = await http.PostAsJsonAsync(new Uri(control.Address, "/sandbox/faults"), new { timeouts = 1 }, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("reference service", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, partnerFaults.IntensityOf(Fault.Timeouts));
    }

    [Fact]
    public async Task Servers_are_stopped_and_started_by_name()
    {
        var servers = new FakeServers();
        await using var control = await StartAsync(Nowhere, servers);

        using var stopped = await http.PostAsync(new Uri(control.Address, "/sandbox/servers/redis/stop"), null, Cancellation);
        Assert.False(servers.All[0].Running);
        using var started = await http.PostAsync(new Uri(control.Address, "/sandbox/servers/redis/start"), null, Cancellation);
        Assert.True(servers.All[0].Running);
        using var unknown = await http.PostAsync(new Uri(control.Address, "/sandbox/servers/oracle/stop"), null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_page_is_there_and_allows_no_script_but_its_own()
    {
        await using var control = await StartAsync(Nowhere);

        using var page = await http.GetAsync(new Uri(control.Address, "/sandbox"), Cancellation);
        var html = await page.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        foreach (var file in new[] { "/sandbox/control.js", "/sandbox/control.css" })
        {
            Assert.Contains(file, html, StringComparison.Ordinal);
            Assert.NotEmpty(await http.GetStringAsync(new Uri(control.Address, file), Cancellation));
        }
    }

    private Task<ControlServer> StartAsync(Uri service, FakeServers? servers = null) => ControlServer.StartAsync(
        new ControlOptions(0, service, null), servers ?? new FakeServers(), traffic, partnerFaults, Cancellation);

    private sealed class FakeServers : ISandboxServers
    {
        private bool running = true;

        public IReadOnlyList<SandboxServer> All => [new("redis", "The cache", running)];

        public Task StopAsync(string name, CancellationToken cancellation)
        {
            running = false;
            return Task.CompletedTask;
        }

        public Task StartAsync(string name, CancellationToken cancellation)
        {
            running = true;
            return Task.CompletedTask;
        }
    }
}
