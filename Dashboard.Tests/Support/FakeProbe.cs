using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Support;

/// <summary>A source that answers a probe as it is told.</summary>
public sealed class FakeProbe(SourceKind source, Func<CancellationToken, Task<SourceAnswer<SourceIdentity>>> answer) : ISourceProbe
{
    private int _asked;

    public SourceKind Source => source;

    public string Address => $"http://{source.ToWire()}.example";

    public int TimesAsked => Volatile.Read(ref _asked);

    public static FakeProbe Answering(SourceKind source, string version = "1.0") => new(source, _ =>
        Task.FromResult(new SourceAnswer<SourceIdentity>(new SourceIdentity(version, null, []), TimeSpan.FromMilliseconds(7), [], null)));

    public static FakeProbe Failing(SourceKind source, string message) => new(source, _ =>
        throw new SourceException(new SourceFailure(source, FailureKind.Unreachable, message, "Check that it runs.")));

    public Task<SourceAnswer<SourceIdentity>> ProbeAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        return answer(cancellation);
    }
}
