namespace Dashboard.Sandbox.Reconciliation;

/// <summary>How people score the service: mostly well, worse when it was slow, badly when it failed.</summary>
public static class Satisfaction
{
    /// <summary>A score from 1 to 5, whose mean is 4.6 for a service that works, 3.9 for a slow one and 2.6 for one that failed.</summary>
    /// <param name="luck">Evenly drawn from 0 to 1.</param>
    /// <param name="slow">The person had to wait.</param>
    /// <param name="failed">The person got an error.</param>
    public static int Score(double luck, bool slow, bool failed) => (slow, failed, luck) switch
    {
        (_, true, < 0.20) => 1,
        (_, true, < 0.45) => 2,
        (_, true, < 0.80) => 3,
        (_, true, _) => 4,
        (true, _, < 0.08) => 2,
        (true, _, < 0.30) => 3,
        (true, _, < 0.72) => 4,
        (true, _, _) => 5,
        (_, _, < 0.005) => 1,
        (_, _, < 0.02) => 2,
        (_, _, < 0.07) => 3,
        (_, _, < 0.30) => 4,
        _ => 5,
    };

    /// <summary>What somebody who gives this score may add.</summary>
    public static string? Comment(int score) => score switch
    {
        1 => "It failed when I needed it.",
        2 => "Too slow to work with.",
        3 => "Had to try again.",
        _ => null,
    };
}
