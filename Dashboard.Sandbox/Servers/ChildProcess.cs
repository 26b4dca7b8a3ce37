using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dashboard.Sandbox.Servers;

/// <summary>
/// A process that ends with this one, even if this one is killed (on Linux, where <c>setpriv</c> is installed), and that does not see the
/// terminal's Ctrl-C: it is stopped in good order instead.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // The shell opens the log, so that writing to it costs this process nothing and goes on without it.
    private const string Silent = "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";
    private const string Speaking = "log=$1; shift; exec \"$@\" 2>>\"$log\" </dev/null";
    private const long LargestLog = 8 * 1024 * 1024;

    private readonly Process _process;
    private readonly ChildCommand _command;

    private ChildProcess(Process process, ChildCommand command)
    {
        _process = process;
        _command = command;
        Exited = WaitAsync();
    }

    public string Name => _command.Name;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Completes with the exit code when the process ends, for whatever reason.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="ServerFailedException">The program is not installed.</exception>
    public static async Task<ChildProcess> StartAsync(ChildCommand command)
    {
        var program = InstalledProgram.Find(command.Program)
            ?? throw new ServerFailedException(command.Name, $"the program {command.Program} is not installed");
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = command.WorkingDirectory };
        string[] shell = ["-c", command.Speaks ? Speaking : Silent, "sh", command.LogFile];
        foreach (var argument in shell.Concat(Wrapper(command)).Append(program).Concat(command.Arguments))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        if (new FileInfo(command.LogFile) is { Exists: true, Length: > LargestLog })
            File.Delete(command.LogFile);
        return new ChildProcess(await ForkThread.StartAsync(start), command);
    }

    /// <summary>Asks it to end; kills it when it has not ended in time. Returns when it is gone.</summary>
    public async Task StopAsync()
    {
        if (HasExited)
            return;
        Send(Id, _command.StopSignal);
        using var grace = new CancellationTokenSource(_command.StopGrace, TimeProvider.System);
        try
        {
            await Exited.WaitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            Send(Id, Signal.Kill);
            await Exited;
        }
    }

    /// <summary>The end of its log, for a message that says why it ended.</summary>
    public string LastLogLines(int count = 12)
    {
        if (!File.Exists(_command.LogFile))
            return "";
        return string.Join('\n', File.ReadLines(_command.LogFile).TakeLast(count));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    /// <summary>Sends a signal; false where there is no such process of ours.</summary>
    internal static bool Send(int processId, Signal signal) => SendSignal(processId, (int)signal) == 0;

    private static IEnumerable<string> Wrapper(ChildCommand command)
    {
        var asUser = Environment.IsPrivilegedProcess ? command.User : null;
        if (InstalledProgram.Find("setpriv") is { } setpriv && InstalledProgram.Find("setsid") is { } setsid)
        {
            yield return setsid;
            yield return setpriv;
            yield return "--pdeathsig";
            yield return command.StopSignal is Signal.Interrupt ? "INT" : "TERM";

            // In one call with the signal: a later change of account would clear it.
            if (asUser is not null)
            {
                yield return $"--reuid={asUser}";
                yield return $"--regid={asUser}";
                yield return "--init-groups";
            }
        }
        else if (asUser is not null && InstalledProgram.Find("runuser") is { } runuser)
        {
            yield return runuser;
            yield return "-u";
            yield return asUser;
            yield return "--";
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
