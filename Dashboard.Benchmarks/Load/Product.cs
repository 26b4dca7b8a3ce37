using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dashboard.Benchmarks.Load;

/// <summary>The whole product, started as a person would: <c>./run</c> in a folder of its own.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly Process _run;
    private readonly string _data;

    private Product(Process run, string data, int port, TimeSpan toReady)
    {
        (_run, _data, Port, ToReady) = (run, data, port, toReady);
    }

    public int Port { get; }

    /// <summary>From the command to "Dashboard ready".</summary>
    public TimeSpan ToReady { get; }

    public int DashboardPid { get; private set; }

    public static async Task<Product> StartAsync(string root)
    {
        var port = FreePort();
        var data = Path.Combine(root, ".run-bench");
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        var start = new ProcessStartInfo(Path.Combine(root, "run")) { WorkingDirectory = root, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DASHBOARD_PORT"] = $"{port}";
        start.Environment["SANDBOX_DATA"] = data;
        var watch = Stopwatch.StartNew();
        var run = Process.Start(start)!;
        while (await run.StandardOutput.ReadLineAsync() is { } line)
        {
            Console.WriteLine($"  {line}");
            if (!line.Contains("Dashboard ready", StringComparison.Ordinal))
                continue;

            // Nothing reads on from here: let it not fill its pipe.
            _ = run.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new Product(run, data, port, watch.Elapsed) { DashboardPid = ProcessUse.FindDashboard(port) };
        }

        throw new InvalidOperationException("./run ended before the dashboard was ready.");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        using (Process.Start("kill", ["-TERM", $"{_run.Id}"]))
        {
            await _run.WaitForExitAsync();
        }

        _run.Dispose();
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);
    }
}
