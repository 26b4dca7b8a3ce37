using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Sandbox.Servers;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources.Prometheus;

/// <summary>Against the real thing.</summary>
public sealed class RealPrometheusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_real_server_is_probed_and_asked_and_its_refusals_are_understood()
    {
        await using var server = await PrometheusServer.StartAsync(new PrometheusOptions(), Cancellation);
        await using var sources = TestSources.With(("Prometheus:Url", server.Address.ToString()));
        var metrics = sources.GetRequiredService<IMetricSource>();
        var now = TimeProvider.System.GetUtcNow();

        var identity = await sources.GetServices<ISourceProbe>().Single(p => p.Source is SourceKind.Prometheus).ProbeAsync(Cancellation);
        var one = await metrics.QueryAsync("vector(1)", null, Cancellation);
        var past = await metrics.QueryRangeAsync("vector(2)", TimeRange.Before(now, TimeSpan.FromDays(4)), TimeSpan.FromSeconds(15), Cancellation);
        var notANumber = await metrics.QueryAsync("vector(0) / 0", null, Cancellation);
        var refusal = await Assert.ThrowsAsync<SourceException>(() => metrics.QueryAsync("sum(", null, Cancellation));
        await metrics.MetricNamesAsync(TimeRange.Before(now, TimeSpan.FromHours(1)), Cancellation);

        Assert.Matches(@"^\d+\.\d+", identity.Value.Version);
        Assert.Equal(1, Assert.Single(one.Value).Value);
        Assert.InRange(one.ServerTime!.Value, now.AddMinutes(-1), now.AddMinutes(1));
        Assert.Equal(4 * 24 * 60 * 4, Assert.Single(past.Value).Series.Samples.Length);
        Assert.True(double.IsNaN(Assert.Single(notANumber.Value).Value));
        Assert.Equal(FailureKind.Refused, refusal.Failure.Kind);
        Assert.Contains("parse error", refusal.Failure.Message, StringComparison.Ordinal);
    }
}
