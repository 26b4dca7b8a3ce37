using System.Net;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
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
        new(SourceKind.Jaeger,
            async (sources, cancellation) => (await sources.GetRequiredService<ITraceSource>().SlowestAsync("shop", Today, cancellation)).ServerTime,
            date => Faults.ByRequest(request => request.Path switch
            {
                "/api/services" => Faults.Json("""{"data":["shop"],"total":0,"limit":0,"offset":0,"errors":null}""", date),
                "/api/traces" => Faults.Json("""{"data":[],"total":0,"limit":0,"offset":0,"errors":null}""", date),
                _ => Faults.Status(HttpStatusCode.NotFound, "404 page not found", "text/plain", date),
            })),
        new(SourceKind.Elasticsearch,
            async (sources, cancellation) => (await sources.GetRequiredService<ILogSource>().CountAsync("error.type:timeout", "*", Today, cancellation)).ServerTime,
            date => Faults.Json(
                """
                {"took":1,"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"total":{"value":10,"relation":"eq"},"hits":[]},
                 "aggregations":{"matching":{"doc_count":1},"newest":{"value":1.795348800123E12,"value_as_string":"2026-11-22T12:00:00.123Z"}}}
                """, date)),
    }.ToDictionary(s => s.Source);

    private static TimeRange Today => TimeRange.Before(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));

    public Fault Good => GoodAt(null);

    public ServiceProvider Compose(FaultServer server, string timeout, params IEnumerable<(string Setting, string Value)> settings) => TestSources.With(((IEnumerable<(string Setting, string Value)>)
    [
        .. ((string Setting, string Value)[])[("Url", server.Url), ("Timeout", timeout), ("MaxResponseMegabytes", "1")],
        .. settings,
    ]).GroupBy(s => s.Setting).Select(s => ($"{Source}:{s.Key}", (string?)s.Last().Value)));

    public Task<DateTimeOffset?> Ask(IServiceProvider sources, CancellationToken? cancellation = null) =>
        Question(sources, cancellation ?? TestContext.Current.CancellationToken);
}
