using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Sandbox.Servers;
using Dashboard.Tests.Host;
using Dashboard.Tests.Sandbox.Supervision;
using Dashboard.Web.Hosting;

namespace Dashboard.Tests.Support;

/// <summary>
/// The sandbox and the dashboard on it, as people start them, in a folder and on ports of their own. At the end they are told to stop, and must leave nothing behind.
/// </summary>
public sealed class WholeProduct : IAsyncLifetime
{
    private const string Ready = "Dashboard ready: ";
    private const string ControlPage = "Faults, load and outages: ";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly string _folder = SandboxProcess.NewFolder();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private Process? _process;

    /// <summary>Where the dashboard says that it is.</summary>
    public Uri Dashboard => new(Told(Ready));

    /// <summary>Everything that both have said so far, for those who wonder why it does not work.</summary>
    public string Output => string.Join('\n', _output);

    private Uri Control => new(Told(ControlPage));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Dashboard.Sandbox.dll"), "--dashboard", typeof(DashboardApp).Assembly.Location])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SANDBOX_DATA"] = _folder;
        start.Environment["SANDBOX_PORTS"] = "any";
        start.Environment["DASHBOARD_PORT"] = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;

        // Read on to the end, so that nobody in there ever waits for somebody to listen.
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            var first = await Task.WhenAny(_ready.Task, _process.WaitForExitAsync(Cancellation)).WaitAsync(StartPatience, Cancellation);
            Assert.True(first == _ready.Task, $"It ended before it was ready:\n{Output}");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It was not ready after {StartPatience.TotalSeconds} s:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        if (!process.HasExited)
            ChildProcess.Send(process.Id, Signal.Terminate);
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopPatience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"It ended with {process.ExitCode}:\n{Output}");
        Assert.Empty(SandboxProcess.ProcessesIn(_folder));
        process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sends a POST to the sandbox's control page, as its buttons do.</summary>
    /// <param name="path">Such as <c>/sandbox/faults</c>.</param>
    /// <param name="request">What is sent as JSON, if anything.</param>
    public async Task TurnAsync(string path, object? request = null)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Control, path), request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
    }

    /// <summary>Waits until the API's scorecard is as wanted.</summary>
    /// <returns>That scorecard.</returns>
    public async Task<ApiScorecard> SeeAsync(string what, Func<ApiScorecard, bool> wanted, TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var scorecard = new ApiScorecard(await _http.GetFromJsonAsync<JsonElement>(new Uri(Dashboard, "/api/v1/scorecard"), Cancellation));
            if (wanted(scorecard))
                return scorecard;
            if (TimeProvider.System.GetElapsedTime(start) > patience)
                Assert.Fail($"Not within {patience.TotalSeconds} s: {what}.\n{scorecard}\n{Output}");
            await Task.Delay(Pause, TimeProvider.System, Cancellation);
        }
    }

    /// <summary>Runs the dashboard's doctor with the settings that the sandbox wrote down for it.</summary>
    public async Task<(int Exit, string Report)> DoctorAsync()
    {
        await using var doctor = DashboardProcess.Start([DoctorVerb.Name], [.. await SettingsAsync()]);
        var (exit, output, errors) = await doctor.EndAsync(TimeSpan.FromMinutes(2));
        return (exit, output + errors);
    }

    private async Task<IEnumerable<(string, string)>> SettingsAsync() =>
        from line in await File.ReadAllLinesAsync(Path.Combine(_folder, "dashboard.env"), Cancellation)
        let setting = line["export ".Length..].Split('=', 2)
        select (setting[0], setting[1].Trim('\''));

    private void Hear(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith(Ready, StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    private string Told(string beginning) => _output.First(line => line.StartsWith(beginning, StringComparison.Ordinal))[beginning.Length..];
}
