using System.Runtime.InteropServices;
using Dashboard.Sandbox.Servers;
using Npgsql;

namespace Dashboard.Sandbox.Supervision;

/// <summary>Runs the sandbox until it is told to stop or a part of it fails.</summary>
public static class SandboxCommand
{
    private static readonly PosixSignal[] StopSignals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    /// <returns>The exit code: 0 when it was told to stop, 1 when a part failed, 2 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        var registrations = StopSignals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            // A second one is not held back: it ends this process at once, and its children with it.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        })).ToList();
        var progress = new StartProgress(Console.Out, TimeProvider.System);
        try
        {
            return await RunAsync(SandboxOptions.Read(args), progress, stop.Token);
        }
        catch (SandboxException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
        finally
        {
            registrations.ForEach(r => r.Dispose());
        }
    }

    private static async Task<int> RunAsync(SandboxOptions options, StartProgress progress, CancellationToken stop)
    {
        using var folder = SandboxFolder.Take(options.Folder);
        await using var sandbox = new RunningSandbox(options, folder, progress);
        try
        {
            await sandbox.StartAsync(stop);
            await sandbox.Failure.WaitAsync(stop);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            progress.Say("Stopping ...");
            return 0;
        }
        catch (Exception failure) when (failure is ServerFailedException or NpgsqlException or IOException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            progress.Say("Stopping ...");
            return 1;
        }
    }
}
