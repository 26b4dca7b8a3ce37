using System.Globalization;
using Dashboard.Sandbox.Servers;
using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Supervision;

/// <summary>The settings with which the dashboard reads the sandbox. Passwords are not among them, only the files that hold them.</summary>
public static class DashboardEnvironment
{
    /// <summary>Written to the sandbox's folder while it runs, for those who start the dashboard, or its doctor, by hand.</summary>
    public const string FileName = "dashboard.env";

    public static IReadOnlyDictionary<string, string> For(SandboxPorts ports, int dashboardPort, string dataFolder, string passwordFile) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Sources__Prometheus__Url"] = $"http://127.0.0.1:{ports.Prometheus}",
        ["Sources__Jaeger__Url"] = $"http://127.0.0.1:{ports.Jaeger}",
        ["Sources__Jaeger__Service"] = SandboxStory.Service,
        ["Sources__Elasticsearch__Url"] = $"http://127.0.0.1:{ports.Elasticsearch}",
        ["Sources__Postgres__Host"] = "127.0.0.1",
        ["Sources__Postgres__Port"] = ports.Postgres.ToString(CultureInfo.InvariantCulture),
        ["Sources__Postgres__Database"] = "reconciliation",
        ["Sources__Postgres__Username"] = "dashboard_reader",
        ["Sources__Postgres__PasswordFile"] = passwordFile,
        ["Dashboard__Environment"] = "Sandbox data",
        ["Dashboard__DataPath"] = dataFolder,
        ["History__Path"] = Path.Combine(dataFolder, "history.db"),
        ["DASHBOARD_PORT"] = dashboardPort.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>As lines that a shell can source.</summary>
    public static Task WriteAsync(string path, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) =>
        SecretFile.WriteAsync(
            path,
            string.Concat(settings.Select(s => $"export {s.Key}='{s.Value.Replace("'", "'\\''", StringComparison.Ordinal)}'\n")),
            cancellation);
}
