using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dashboard.Tests.Host;

public sealed class StartupFailureTests
{
    [Fact]
    public async Task A_port_in_use_is_one_line_that_says_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var dashboard = DashboardProcess.Start([], ("DASHBOARD_PORT", port));
        var (exit, _, errors) = await dashboard.EndAsync();
        Assert.NotEqual(0, exit);
        Assert.Contains($"Port {port} at 127.0.0.1 is in use. Stop what listens there, or set DASHBOARD_PORT to a free port.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_unusable_settings_of_the_host_are_told_at_once_and_nothing_else()
    {
        var reason = await ReasonAsync("--Dashboard:Port=http", "--Dashboard:Listen=here", "--Dashboard:Proxies:0=proxy.example");
        Assert.Equal(
            """
            Dashboard:Listen is "here": expected an IP address, localhost, or * for every address.
            Dashboard:Port is "http": expected a whole number from 0 to 65535.
            Dashboard:Proxies:0 is "proxy.example": expected the IP address of a reverse proxy.

            """,
            reason);
    }

    [Fact]
    public async Task A_bad_KPI_entry_stops_the_start_and_is_named_with_the_field_and_what_was_expected()
    {
        var reason = await ReasonAsync("--Kpis:0:Id=response-time-p95", "--Kpis:0:Target=fast");
        Assert.Contains("response-time-p95", reason, StringComparison.Ordinal);
        Assert.Contains("fast", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_without_a_usable_address_stops_the_start()
    {
        var reason = await ReasonAsync("--Sources:Prometheus:Url=not an address");
        Assert.Contains("Sources:Prometheus:Url", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_for_traces_that_is_no_address_stops_the_start() =>
        Assert.Contains("Telemetry:Endpoint", await ReasonAsync("--Telemetry:Endpoint=collector"), StringComparison.Ordinal);

    private static async Task<string> ReasonAsync(params string[] settings)
    {
        await using var dashboard = DashboardProcess.Start(["--Dashboard:Port=0", .. settings]);
        var (exit, output, errors) = await dashboard.EndAsync();
        Assert.NotEqual(0, exit);
        Assert.Empty(output);
        return errors;
    }
}
