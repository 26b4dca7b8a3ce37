using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Dashboard.Web.SourcesPage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.SourcesPage;

public sealed class SourceChecksTests
{
    private readonly FakeTimeProvider _clock = new(SampleScorecard.At);

    [Fact]
    public async Task However_many_press_the_button_a_source_is_asked_once_in_five_seconds()
    {
        var probe = FakeProbe.Answering(SourceKind.Prometheus);
        var checks = Of(probe);

        await Task.WhenAll(checks.Start().Values.Concat(checks.Start().Values));
        await Task.WhenAll(checks.Start().Values);
        Assert.Equal(1, probe.TimesAsked);

        _clock.Advance(SourceChecks.Pause);
        await Task.WhenAll(checks.Start().Values);
        Assert.Equal(2, probe.TimesAsked);
    }

    [Fact]
    public async Task A_source_that_never_answers_is_given_up()
    {
        var asked = new TaskCompletionSource();
        var checks = Of(new FakeProbe(SourceKind.Jaeger, async cancellation =>
        {
            var never = new TaskCompletionSource<SourceAnswer<SourceIdentity>>();
            asked.SetResult();
            return await never.Task.WaitAsync(cancellation);
        }));
        var check = checks.Start()[SourceKind.Jaeger];
        await asked.Task;
        _clock.Advance(SourceChecks.Patience);
        Assert.Equal(FailureKind.TimedOut, (await check).Failure?.Kind);
    }

    [Fact]
    public async Task A_defect_in_a_probe_is_a_failure_and_tells_no_inner_words()
    {
        var checks = Of(new FakeProbe(SourceKind.Postgres, _ => throw new InvalidOperationException("Password=hunter2")));
        var check = await checks.Start()[SourceKind.Postgres];
        Assert.NotNull(check.Failure);
        Assert.DoesNotContain("hunter2", check.Failure.ToString(), StringComparison.Ordinal);
    }

    private SourceChecks Of(ISourceProbe probe) => new([probe], _clock, NullLogger<SourceChecks>.Instance);
}
