using System.Collections.Concurrent;
using System.Diagnostics;

namespace Dashboard.Sandbox.Servers;

/// <summary>
/// Starts all child processes from one thread that never ends. Linux ties "die with your parent" to the thread that forked: a child started
/// from a pool thread would be killed whenever the pool retires that thread.
/// </summary>
internal static class ForkThread
{
    private static readonly BlockingCollection<Action> Requests = [];

    static ForkThread() => new Thread(Serve) { IsBackground = true, Name = "starts child processes" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static void Serve()
    {
        foreach (var request in Requests.GetConsumingEnumerable())
            request();
    }
}
