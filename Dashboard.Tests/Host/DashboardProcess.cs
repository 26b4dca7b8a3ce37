using System.Diagnostics;
using Dashboard.Web.Hosting;

namespace Dashboard.Tests.Host;

/// <summary>The dashboard as its own process, as people start it, in a folder of its own.</summary>
public sealed class DashboardProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private DashboardProcess(Process process, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
        Errors = process.StandardError.ReadToEndAsync();
    }

    public StreamReader Output => _process.StandardOutput;

    /// <summary>All of the error stream, once the process has ended.</summary>
    public Task<string> Errors { get; }

    /// <param name="arguments">Verbs and settings, as on the command line.</param>
    /// <param name="environment">Added to that of the tests.</param>
    public static DashboardProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-process-");
        var start = new ProcessStartInfo("dotnet", [typeof(DashboardApp).Assembly.Location, .. arguments])
        {
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new DashboardProcess(Process.Start(start)!, folder);
    }

    /// <summary>Waits for its end, 30 seconds unless told.</summary>
    public async Task<(int Exit, string Output, string Errors)> EndAsync(TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(30));
        var output = await Output.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, output, await Errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
