using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Traffic;

/// <summary>
/// People who use the reference service: as many as the time of day brings, each with a think time between two real requests.
/// The same seed gives the same people with the same habits.
/// </summary>
public sealed class TrafficGenerator : IDisposable
{
    /// <summary>The greatest factor on the load.</summary>
    public const double MostFactor = 50;

    /// <summary>Never more users than this, whatever the factor.</summary>
    public const int MostUsers = 2000;

    private static readonly TimeSpan Rethink = TimeSpan.FromSeconds(1);

    private readonly HttpClient http;
    private readonly int seed;
    private readonly TimeProvider clock;
    private readonly List<(Task Life, CancellationTokenSource End)> users = [];
    private double factor = 1;
    private long sent;
    private int born;

    /// <param name="service">Base address of the reference service.</param>
    /// <param name="seed">What the users' habits are drawn from.</param>
    /// <param name="clock">Tells the time of day and measures think times.</param>
    public TrafficGenerator(Uri service, int seed, TimeProvider clock)
    {
        this.seed = seed;
        this.clock = clock;
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = MostUsers, UseProxy = false, UseCookies = false })
        {
            BaseAddress = service,
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    /// <summary>What the load of the time of day is multiplied with, from 0 (nobody) to <see cref="MostFactor"/>; 1 at first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside these bounds, or no number.</exception>
    public double Factor
    {
        get => Volatile.Read(ref factor);
        set => Volatile.Write(
            ref factor,
            value is >= 0 and <= MostFactor ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected 0 to {MostFactor}."));
    }

    /// <summary>Users there are now.</summary>
    public int Users { get; private set; }

    /// <summary>Requests sent since the start.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>How many users the time brings, with the factor.</summary>
    public int UsersDue
    {
        get
        {
            var now = clock.GetUtcNow();
            return (int)Math.Min(MostUsers, Math.Round(new SandboxStory(now).ConditionsAt(now).ConcurrentUsers * Factor));
        }
    }

    /// <summary>Sends requests until cancelled; returns then, with no request left under way.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Rethink, clock);
        try
        {
            do
                Adjust(UsersDue, cancellation);
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Everybody goes.
        }
        finally
        {
            await LeaveAsync(users.Count);
        }
    }

    public void Dispose() => http.Dispose();

    private void Adjust(int due, CancellationToken cancellation)
    {
        while (users.Count < due)
        {
            var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var number = born++;
            var user = new VirtualUser($"user-{number:0000}", new Random(HashCode.Combine(seed, number)), http, clock, () => Interlocked.Increment(ref sent));
            users.Add((user.LiveAsync(end.Token), end));
        }

        if (users.Count > due)
            _ = LeaveAsync(users.Count - due);
        Users = users.Count;
    }

    /// <summary>Lets the last so many go.</summary>
    private async Task LeaveAsync(int count)
    {
        var leaving = users[^count..];
        users.RemoveRange(users.Count - count, count);
        Users = users.Count;
        foreach (var (_, end) in leaving)
            await end.CancelAsync();
        await Task.WhenAll(leaving.Select(user => user.Life));
        foreach (var (_, end) in leaving)
            end.Dispose();
    }
}
