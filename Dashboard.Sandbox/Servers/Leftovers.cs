namespace Dashboard.Sandbox.Servers;

/// <summary>Processes that a killed run left behind.</summary>
public static class Leftovers
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Ends the process that a pid file names and deletes the file. A process that is not ours, because the number was given to another since, is left alone.
    /// </summary>
    /// <param name="pidFile">Its first line is the process id.</param>
    /// <param name="directory">Ours is the process that runs in this directory or names it on its command line.</param>
    /// <returns>The id of the process that was ended, or null.</returns>
    public static async Task<int?> EndAsync(string pidFile, string directory, CancellationToken cancellation)
    {
        if (!File.Exists(pidFile))
            return null;
        var line = File.ReadLines(pidFile).FirstOrDefault();
        int? ended = null;
        if (int.TryParse(line, out var id) && IsOurs(id, directory))
        {
            ended = id;
            ChildProcess.Send(id, Signal.Interrupt);
            if (!await IsGoneAsync(id, directory, cancellation))
            {
                ChildProcess.Send(id, Signal.Kill);
                await IsGoneAsync(id, directory, cancellation);
            }
        }

        File.Delete(pidFile);
        return ended;
    }

    /// <summary>Whether a process lives and runs in the directory or names it on its command line.</summary>
    public static bool IsOurs(int processId, string directory)
    {
        if (processId <= 1 || processId == Environment.ProcessId)
            return false;
        try
        {
            var process = $"/proc/{processId}";
            var runsIn = new FileInfo($"{process}/cwd").LinkTarget;
            return (runsIn is not null && (runsIn + "/").StartsWith(directory + "/", StringComparison.Ordinal))
                || File.ReadAllText($"{process}/cmdline").Contains(directory, StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task<bool> IsGoneAsync(int id, string directory, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (IsOurs(id, directory))
        {
            if (TimeProvider.System.GetElapsedTime(start) > Grace)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }

        return true;
    }
}
