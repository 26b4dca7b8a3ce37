using System.Runtime.InteropServices;

namespace Dashboard.Sandbox.Faults;

/// <summary>
/// Takes memory while the memory-growth fault is on, and gives it back after. It takes it outside the collected heap, whose hard limit
/// would otherwise end the process before anybody had seen it grow.
/// </summary>
internal sealed class GrowingMemory(FaultSet faults, TimeProvider clock) : BackgroundService
{
    public const int MostMegabytes = 400;
    private const int Megabyte = 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Stack<nint> blocks = new();
    private double debt;

    /// <summary>What is held now, in megabytes.</summary>
    public int Megabytes => blocks.Count;

    /// <summary>Takes what is due after so long a time, or gives back all.</summary>
    public void Step(TimeSpan elapsed)
    {
        var perMinute = faults.IntensityOf(Fault.MemoryGrowth);
        if (perMinute <= 0)
        {
            Release();
            return;
        }

        for (debt += perMinute * elapsed.TotalMinutes; debt >= 1; debt--)
        {
            if (blocks.Count < MostMegabytes)
                blocks.Push(Take());
        }
    }

    public override void Dispose()
    {
        Release();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Step(Interval);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Disposing gives the memory back.
        }
    }

    private void Release()
    {
        debt = 0;
        while (blocks.TryPop(out var block))
            Marshal.FreeHGlobal(block);
    }

    private static nint Take()
    {
        var block = Marshal.AllocHGlobal(Megabyte);
        // Only pages that were written to are resident.
        for (var offset = 0; offset < Megabyte; offset += 4096)
            Marshal.WriteByte(block, offset, 1);
        return block;
    }
}
