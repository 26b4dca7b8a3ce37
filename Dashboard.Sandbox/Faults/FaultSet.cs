using System.Collections.Immutable;

namespace Dashboard.Sandbox.Faults;

/// <summary>A fault and how it stands.</summary>
/// <param name="Fault">Which one.</param>
/// <param name="Intensity">How strong, in the fault's own unit; 0 is off.</param>
/// <param name="Until">When it ends by itself; null when it stays until switched off.</param>
public sealed record FaultState(Fault Fault, double Intensity, DateTimeOffset? Until)
{
    public bool On => Intensity > 0;
}

/// <summary>The faults that are on. Safe to read from many threads while it changes.</summary>
public sealed class FaultSet(TimeProvider clock)
{
    private ImmutableDictionary<string, FaultState> on = ImmutableDictionary<string, FaultState>.Empty;

    /// <summary>How strong the fault is now, in its own unit; 0 when it is off or its time is over.</summary>
    public double IntensityOf(Fault fault) =>
        on.TryGetValue(fault.Name, out var state) && !Over(state) ? state.Intensity : 0;

    /// <summary>Every fault there is, on or off, in the order of <see cref="Fault.All"/>.</summary>
    public IReadOnlyList<FaultState> States =>
        [.. Fault.All.Select(fault => on.TryGetValue(fault.Name, out var state) && !Over(state) ? state : new FaultState(fault, 0, null))];

    /// <summary>Switches the named faults; the others stay as they are.</summary>
    public void Apply(params IEnumerable<FaultChange> changes)
    {
        foreach (var change in changes)
        {
            var until = change.Duration is { } duration ? clock.GetUtcNow() + duration : (DateTimeOffset?)null;
            var state = new FaultState(change.Fault, change.Intensity, until);
            ImmutableInterlocked.Update(
                ref on,
                (now, next) => next.On ? now.SetItem(next.Fault.Name, next) : now.Remove(next.Fault.Name),
                state);
        }
    }

    public void Clear() => ImmutableInterlocked.Update(ref on, now => now.Clear());

    private bool Over(FaultState state) => state.Until <= clock.GetUtcNow();
}
