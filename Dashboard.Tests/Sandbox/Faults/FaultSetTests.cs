using Dashboard.Sandbox.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Sandbox.Faults;

public sealed class FaultSetTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void A_fault_ends_when_its_time_is_over()
    {
        var faults = new FaultSet(clock);
        faults.Apply(new FaultChange(Fault.Errors, 0.5, TimeSpan.FromSeconds(30)));

        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0.5, faults.IntensityOf(Fault.Errors));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, faults.IntensityOf(Fault.Errors));
        Assert.All(faults.States, state => Assert.False(state.On));
    }

    [Fact]
    public void Switching_one_fault_leaves_the_others_as_they_are()
    {
        var faults = new FaultSet(clock);
        faults.Apply(new FaultChange(Fault.Errors, 0.5, null), new FaultChange(Fault.SlowDatabase, 100, null));

        faults.Apply(new FaultChange(Fault.Errors, 0, null));

        Assert.Equal((0, 100), (faults.IntensityOf(Fault.Errors), faults.IntensityOf(Fault.SlowDatabase)));
    }

    [Fact]
    public void Growing_memory_is_really_resident_bounded_and_given_back()
    {
        var faults = new FaultSet(clock);
        using var memory = new GrowingMemory(faults, clock);
        var before = Environment.WorkingSet;
        faults.Apply(new FaultChange(Fault.MemoryGrowth, 60, null));

        memory.Step(TimeSpan.FromMinutes(1));
        Assert.Equal(60, memory.Megabytes);
        Assert.True(Environment.WorkingSet - before > 40_000_000);

        memory.Step(TimeSpan.FromHours(1));
        Assert.Equal(GrowingMemory.MostMegabytes, memory.Megabytes);

        faults.Clear();
        memory.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(0, memory.Megabytes);
    }
}
