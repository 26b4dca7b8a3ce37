using System.Globalization;
using Dashboard.Sandbox.MetricHistory;
using Dashboard.Sandbox.Servers;
using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Supervision;

/// <summary>The folder that holds everything the sandbox keeps (".run"). One sandbox at a time works in it.</summary>
public sealed class SandboxFolder : IDisposable
{
    private readonly FileStream _lock;

    private SandboxFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    private string ProcessFile => System.IO.Path.Combine(Path, "sandbox.process");

    private string StoryFile => System.IO.Path.Combine(Path, "story");

    /// <summary>Takes the folder for this process.</summary>
    /// <exception cref="SandboxException">Another sandbox works in it; the message names its process.</exception>
    public static SandboxFolder Take(string path)
    {
        path = Directory.CreateDirectory(System.IO.Path.GetFullPath(path)).FullName;
        try
        {
            // The kernel gives the lock back when the process is gone, however it went.
            var held = new FileStream(System.IO.Path.Combine(path, "sandbox.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new SandboxFolder(path, held);
            File.WriteAllText(folder.ProcessFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return folder;
        }
        catch (IOException)
        {
            var process = System.IO.Path.Combine(path, "sandbox.process");
            var holder = File.Exists(process) ? $"process {File.ReadAllText(process)}" : "another process";
            throw new SandboxException(
                $"A sandbox already works in {path} ({holder}). Stop it, or set SANDBOX_DATA to another folder (and DASHBOARD_PORT to another port).");
        }
    }

    /// <summary>A folder in it, made where missing.</summary>
    public string Of(string part) => Directory.CreateDirectory(System.IO.Path.Combine(Path, part)).FullName;

    /// <summary>Ends the processes that a killed run left behind here.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndLeftoversAsync(CancellationToken cancellation)
    {
        var ended = 0;
        foreach (var part in Directory.GetDirectories(Path))
        {
            var real = new DirectoryInfo(part).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? part;
            if (!Directory.Exists(real))
                continue;
            foreach (var file in Directory.GetFiles(real, "*.pid"))
                ended += await Leftovers.EndAsync(file, real, cancellation) is null ? 0 : 1;
        }

        return ended;
    }

    /// <summary>
    /// The story that the data here tells. It stays the same through restarts, so that kept metrics and rows go on agreeing with traces and logs, which are
    /// made anew; when its past is over a week old everything is made anew.
    /// </summary>
    public async Task<SandboxStory> StoryAsync(TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (File.Exists(StoryFile)
            && DateTimeOffset.TryParse(await File.ReadAllTextAsync(StoryFile, cancellation), CultureInfo.InvariantCulture, out var told)
            && now - told < MetricBackfill.Length && told <= now)
            return new SandboxStory(told);

        foreach (var part in (string[])["prometheus", "postgres", "dashboard"])
            Delete(System.IO.Path.Combine(Path, part));
        await File.WriteAllTextAsync(StoryFile, now.ToString("O", CultureInfo.InvariantCulture), cancellation);
        return new SandboxStory(now);
    }

    public void Dispose()
    {
        File.Delete(ProcessFile);
        _lock.Dispose();
    }

    private static void Delete(string part)
    {
        if (!Directory.Exists(part))
            return;
        if (new DirectoryInfo(part).ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target)
        {
            Directory.Delete(target.FullName, recursive: true);
            Directory.Delete(part);
            return;
        }

        Directory.Delete(part, recursive: true);
    }
}
