using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Dashboard.Core.Settings;

namespace Dashboard.Web.Hosting;

/// <summary>Where and how the dashboard listens: the section <c>Dashboard</c> of the settings, and <c>DASHBOARD_PORT</c>.</summary>
public sealed record HostSettings
{
    public const string Section = "Dashboard";

    /// <summary>What people are used to typing.</summary>
    public const int DefaultPort = 5080;

    /// <summary>The address to listen on. Loopback unless set: a dashboard shows what a company would rather not show to its whole network.</summary>
    public required IPAddress Listen { get; init; }

    /// <summary>1 to 65535, or 0 for any free port.</summary>
    public required int Port { get; init; }

    /// <summary>The folder of what outlives a restart: the keys that protect forms and circuits. Created where missing.</summary>
    public required string DataPath { get; init; }

    /// <summary>Connections at once; a viewer of the live scorecard holds one.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>WebSockets at once; each is a circuit of 1 to 1.6 MB.</summary>
    public required int MaxCircuits { get; init; }

    /// <summary>Reverse proxies whose X-Forwarded-For, -Proto and -Host are believed. None unless set.</summary>
    public required ImmutableArray<IPAddress> Proxies { get; init; }

    /// <exception cref="SettingsException">Names each setting that cannot be used, and what was expected.</exception>
    public static HostSettings From(IConfiguration configuration)
    {
        List<string> problems = [];
        var section = configuration.GetSection(Section);

        var listen = Address(section["Listen"]);
        if (listen is null)
            problems.Add($"Dashboard:Listen is \"{section["Listen"]}\": expected an IP address, localhost, or * for every address.");

        var (portName, portText) = configuration["DASHBOARD_PORT"] is { Length: > 0 } fromEnvironment
            ? ("DASHBOARD_PORT", fromEnvironment)
            : ("Dashboard:Port", section["Port"]);
        var port = Number(portName, portText, DefaultPort, 0, 65535, problems);
        var connections = Number("Dashboard:MaxConnections", section["MaxConnections"], 10_000, 1, 1_000_000, problems);
        var circuits = Number("Dashboard:MaxCircuits", section["MaxCircuits"], 200, 0, 100_000, problems);

        List<IPAddress> proxies = [];
        foreach (var proxy in section.GetSection("Proxies").GetChildren())
        {
            if (IPAddress.TryParse(proxy.Value, out var address))
                proxies.Add(address);
            else
                problems.Add($"{proxy.Path} is \"{proxy.Value}\": expected the IP address of a reverse proxy.");
        }

        if (problems is not [])
            throw new SettingsException([.. problems]);

        return new HostSettings
        {
            Listen = listen!,
            Port = port,
            DataPath = DataFolder(section["DataPath"], configuration["History:Path"]),
            MaxConnections = connections,
            MaxCircuits = circuits,
            Proxies = [.. proxies],
        };
    }

    /// <summary>Where nothing is said, beside the history.</summary>
    private static string DataFolder(string? path, string? history) => path is { Length: > 0 }
        ? Path.GetFullPath(path)
        : Path.GetDirectoryName(history is { Length: > 0 } ? Path.GetFullPath(history) : null) ?? Path.Combine(AppContext.BaseDirectory, "data");

    private static IPAddress? Address(string? text) => text switch
    {
        null or "" or "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.Any,
        _ => IPAddress.TryParse(text, out var address) ? address : null,
    };

    private static int Number(string name, string? text, int otherwise, int least, int most, List<string> problems)
    {
        if (string.IsNullOrEmpty(text))
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        problems.Add($"{name} is \"{text}\": expected a whole number from {least} to {most}.");
        return otherwise;
    }
}
