using System.Diagnostics;
using System.Text.RegularExpressions;
using Dashboard.Sandbox.Servers;

namespace Dashboard.Tests.Sandbox.Supervision;

/// <summary>A sandbox without a dashboard, started as a process of its own on free ports.</summary>
internal sealed partial class SandboxProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SandboxProcess(Process process, string folder) => (_process, Folder) = (process, folder);

    public string Folder { get; }

    public List<string> Output { get; } = [];

    public int Id => _process.Id;

    /// <summary>A folder that PostgreSQL's account can enter.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-test-").FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        return folder;
    }

    /// <summary>Spares the test the week of metrics.</summary>
    public static void SkipMetricHistory(string folder, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.Combine(folder, "prometheus"));
        File.WriteAllText(Path.Combine(folder, "prometheus", "history-filled"), "");
        File.WriteAllText(Path.Combine(folder, "story"), $"{now:O}");
    }

    /// <summary>Starts one; returns when it is ready or has ended.</summary>
    public static async Task<SandboxProcess> StartAsync(string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Dashboard.Sandbox.dll")])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["SANDBOX_DATA"] = folder;
        start.Environment["SANDBOX_PORTS"] = "any";
        var sandbox = new SandboxProcess(Process.Start(start)!, folder);
        try
        {
            while (await sandbox._process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                sandbox.Output.Add(line);
                if (line.Contains("Sandbox ready", StringComparison.Ordinal))
                    break;
            }

            return sandbox;
        }
        catch
        {
            sandbox._process.Kill();
            throw;
        }
    }

    public async Task<(int Code, string Errors)> EndAsync(CancellationToken cancellation)
    {
        var errors = await _process.StandardError.ReadToEndAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, errors);
    }

    public void Send(Signal signal) => ChildProcess.Send(Id, signal);

    /// <summary>One of the settings that the sandbox wrote for a dashboard.</summary>
    public string Setting(string name) => Settings.Matches(File.ReadAllText(Path.Combine(Folder, "dashboard.env")))
        .Single(m => m.Groups["name"].Value == name).Groups["value"].Value;

    /// <summary>The processes that work in the folder, by id with their names; the sandbox itself is not among them.</summary>
    public static IReadOnlyDictionary<int, string> ProcessesIn(string folder) => Directory.GetDirectories("/proc")
        .Select(p => int.TryParse(Path.GetFileName(p), out var id) ? id : 0)
        .Where(id => Leftovers.IsOurs(id, folder))
        .ToDictionary(id => id, NameOf);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Send(Signal.Terminate);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex("^export (?<name>[A-Za-z_]+)='(?<value>[^']*)'$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Settings { get; }

    private static string NameOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
