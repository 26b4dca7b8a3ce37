using System.Globalization;
using Dashboard.Sandbox.Servers;

namespace Dashboard.Sandbox.Supervision;

/// <summary>How the sandbox is started.</summary>
/// <param name="Folder">Keeps all its data.</param>
/// <param name="Dashboard">Path of Dashboard.Web.dll; null starts the sandbox without the dashboard.</param>
/// <param name="DashboardPort">Loopback port of the dashboard.</param>
/// <param name="UsualPorts">Whether its servers take their usual ports where those are free.</param>
public sealed record SandboxOptions(string Folder, string? Dashboard, int DashboardPort, bool UsualPorts = true)
{
    public const string Usage = "Dashboard.Sandbox [--dashboard PATH-OF-Dashboard.Web.dll]   (SANDBOX_DATA: its folder, SANDBOX_PORTS: usual or any, DASHBOARD_PORT)";

    /// <summary>Reads arguments and environment variables.</summary>
    /// <exception cref="SandboxException">One cannot be used; the message names it and what was expected.</exception>
    public static SandboxOptions Read(string[] args)
    {
        var dashboard = args switch
        {
            [] => null,
            ["--dashboard", var path] when File.Exists(path) => Path.GetFullPath(path),
            ["--dashboard", var path] => throw new SandboxException($"There is no dashboard at {path}: build it first."),
            _ => throw new SandboxException($"\"{string.Join(' ', args)}\" is not understood. Usage: {Usage}"),
        };
        var portText = Environment.GetEnvironmentVariable("DASHBOARD_PORT") is { Length: > 0 } set ? set : "5080";
        if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            throw new SandboxException($"DASHBOARD_PORT is \"{portText}\": expected a port from 1 to 65535.");
        if (dashboard is not null && !LoopbackPort.IsFree(port))
            throw new SandboxException($"Port {port} is in use: stop what listens there, or set DASHBOARD_PORT to another port.");
        var folder = Environment.GetEnvironmentVariable("SANDBOX_DATA") is { Length: > 0 } given ? given : ".run";
        var usual = Environment.GetEnvironmentVariable("SANDBOX_PORTS") switch
        {
            null or "" or "usual" => true,
            "any" => false,
            var other => throw new SandboxException($"SANDBOX_PORTS is \"{other}\": expected usual or any."),
        };
        return new SandboxOptions(folder, dashboard, port, usual);
    }
}
