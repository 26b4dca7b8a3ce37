using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources;

/// <summary>One of the sources that are asked over HTTP: how it is asked a question of each day, and what a good server answers.</summary>
internal sealed record HttpSourceUnderTest(
    SourceKind Source, Func<IServiceProvider, CancellationToken, Task<DateTimeOffset?>> Question, Func<DateTimeOffset?, Fault> GoodAt)
{
    public static IReadOnlyDictionary<SourceKind, HttpSourceUnderTest> All { get; } = new HttpSourceUnderTest[]
    {
        new(SourceKind.Prometheus,
            async (sources, cancellation) => (await sources.GetRequiredService<IMetricSource>().QueryAsync("up", null, cancellation)).ServerTime,
            date => Faults.Json("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1794813351,"1"]}]}}""", date)),
    }.ToDictionary(s => s.Source);

    public Fault Good => GoodAt(null);

    public ServiceProvider Compose(FaultServer server, string timeout, params IEnumerable<(string Setting, string Value)> settings) => TestSources.With(((IEnumerable<(string Setting, string Value)>)
    [
        .. ((string Setting, string Value)[])[("Url", server.Url), ("Timeout", timeout), ("MaxResponseMegabytes", "1")],
        .. settings,
    ]).GroupBy(s => s.Setting).Select(s => ($"{Source}:{s.Key}", (string?)s.Last().Value)));

    public Task<DateTimeOffset?> Ask(IServiceProvider sources, CancellationToken? cancellation = null) =>
        Question(sources, cancellation ?? TestContext.Current.CancellationToken);
}
