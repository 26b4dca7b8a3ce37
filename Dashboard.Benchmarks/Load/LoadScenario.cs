using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Benchmarks.Load;

/// <summary>Measures the product as a whole, on one machine that also makes the load: read the ratios, not the seconds.</summary>
internal static partial class LoadScenario
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args is ["--seconds", var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 10;
        if (!Which("wrk"))
        {
            Console.Error.WriteLine("The load is made by wrk, which is not installed: apt-get install wrk");
            return 1;
        }

        var root = RepositoryRoot();
        Console.WriteLine("Starting ./run …");
        await using var product = await Product.StartAsync(root);
        var address = $"http://127.0.0.1:{product.Port}";
        var pid = product.DashboardPid;
        await Pause(20);
        Console.WriteLine($"\nFrom ./run to ready: {product.ToReady.TotalSeconds:F1} s");
        Console.WriteLine($"Resident memory of the dashboard at rest, no viewer: {ProcessUse.ResidentMegabytes(pid):F0} MB");

        await MeasureRequestsAsync(address, seconds);
        await Pause(5);
        Console.WriteLine($"Resident memory after that load, no viewer: {ProcessUse.ResidentMegabytes(pid):F0} MB\n");

        await MeasureViewersAsync(product, address, viewers: 1);
        await MeasureViewersAsync(product, address, viewers: 1000);
        return 0;
    }

    private static async Task MeasureRequestsAsync(string address, int seconds)
    {
        Console.WriteLine("\n| what | connections | requests/s | of raw | p50 ms | p95 ms | p99 ms | max ms | errors |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var encoding in new[] { "br", "identity" })
        {
            var file = Path.GetTempFileName();
            using (var request = new HttpRequestMessage(HttpMethod.Get, address))
            {
                request.Headers.Add("Accept-Encoding", encoding);
                using var answer = await Http.SendAsync(request);
                await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync());
            }

            var bytes = new FileInfo(file).Length;
            var rawPort = Product.FreePort();
            using var raw = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, RawArguments(rawPort, file, encoding)))!;
            await WaitForAsync($"http://127.0.0.1:{rawPort}/");
            foreach (var connections in new[] { 50, 1000 })
            {
                await WrkAsync($"http://127.0.0.1:{rawPort}/", connections, 3, encoding);
                var yardstick = await WrkAsync($"http://127.0.0.1:{rawPort}/", connections, seconds, encoding);
                await WrkAsync($"{address}/", connections, 3, encoding);
                var page = await WrkAsync($"{address}/", connections, seconds, encoding);
                Print($"raw bytes, {encoding}, {bytes:N0} B", connections, yardstick, null);
                Print($"scorecard, {encoding}, {bytes:N0} B", connections, page, page.RequestsPerSecond / yardstick.RequestsPerSecond);
            }

            raw.Kill();
            await raw.WaitForExitAsync();
            File.Delete(file);
        }
    }

    private static async Task MeasureViewersAsync(Product product, string address, int viewers)
    {
        await using var watching = await Viewers.ConnectAsync(viewers, product.Port, "/events/scorecard", "gzip, deflate, br");
        await Pause(15);
        var upstream = await UpstreamQueriesAsync(address);
        var ticks = await TicksAsync(address);
        var (bytes, cpu) = (watching.Bytes, ProcessUse.Cpu(product.DashboardPid));
        var watch = Stopwatch.StartNew();
        await Pause(60);
        var took = watch.Elapsed;
        var queries = (await UpstreamQueriesAsync(address) - upstream) / took.TotalMinutes;
        var passed = await TicksAsync(address) - ticks;
        var perTick = (double)(watching.Bytes - bytes) / viewers / Math.Max(1, passed);
        Console.WriteLine($"""
            {viewers} viewer(s) for {took.TotalSeconds:F0} s, {watching.Count} connected at the end:
              upstream queries per minute   {queries:F0}
              snapshots                     {passed}
              bytes per snapshot and viewer {perTick:F0}
              processor                     {(ProcessUse.Cpu(product.DashboardPid) - cpu) / took:P1} of one core
              resident memory               {ProcessUse.ResidentMegabytes(product.DashboardPid):F0} MB

            """);
    }

    /// <summary>All queries the dashboard sent to its sources since it started, by its own count.</summary>
    private static async Task<double> UpstreamQueriesAsync(string address) =>
        SumOf(await Http.GetStringAsync($"{address}/metrics"), "dashboard_upstream_queries");

    private static async Task<long> TicksAsync(string address)
    {
        var page = await Http.GetStringAsync($"{address}/api/v1/scorecard");
        return long.Parse(Sequence().Match(page).Groups["n"].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static double SumOf(string metrics, string prefix) =>
        metrics.Split('\n')
            .Where(l => l.StartsWith(prefix, StringComparison.Ordinal))
            .Sum(l => double.Parse(l.TrimEnd().Split(' ')[1], CultureInfo.InvariantCulture));

    private static async Task<WrkResult> WrkAsync(string url, int connections, int seconds, string encoding)
    {
        var script = Path.Combine(Path.GetTempPath(), "scorecard-wrk.lua");
        await File.WriteAllTextAsync(script, WrkResult.Script);
        var start = new ProcessStartInfo(
            "wrk", ["-t2", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "-H", $"Accept-Encoding: {encoding}", "-s", script, url])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return WrkResult.Parse(output);
    }

    private static void Print(string what, int connections, WrkResult r, double? ratio) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {connections} | {r.RequestsPerSecond:N0} | {(ratio is { } x ? $"{x:F2}" : "1")} | {r.P50:F1} | {r.P95:F1} | {r.P99:F1} | {r.Max:F0} | {r.Errors} |"));

    private static string[] RawArguments(int port, string file, string encoding)
    {
        string[] own = ["raw", $"{port}", file, encoding];
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0], .. own] : own;
    }

    private static async Task WaitForAsync(string url)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await Http.GetByteArrayAsync(url);
                return;
            }
            catch (HttpRequestException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private static Task Pause(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);

    private static bool Which(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Start it inside the repository.");
    }

    [GeneratedRegex(@"""sequence"":\s*(?<n>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sequence();
}
