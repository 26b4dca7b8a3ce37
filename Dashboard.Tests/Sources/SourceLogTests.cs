using System.Net;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dashboard.Tests.Sources;

public sealed class SourceLogTests
{
    [Fact]
    public async Task A_failure_is_logged_once_and_so_is_its_end()
    {
        await using var server = new FaultServer(Faults.Status(HttpStatusCode.Unauthorized, "no"));
        var lines = new Lines();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create<string, string?>("Sources:Prometheus:Url", $"http://ann:geheim-geheim@127.0.0.1:{server.Port}"),
        ]).Build();
        await using var sources = new ServiceCollection().AddLogging(l => l.AddProvider(lines).SetMinimumLevel(LogLevel.Trace)).AddSources(configuration).BuildServiceProvider();
        var metrics = sources.GetRequiredService<IMetricSource>();

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<SourceException>(() => metrics.QueryAsync($"up + {i}", null, TestContext.Current.CancellationToken));
        server.Reply = Faults.Json("""{"status":"success","data":{"resultType":"vector","result":[]}}""");
        for (var i = 0; i < 3; i++)
            await metrics.QueryAsync("up", null, TestContext.Current.CancellationToken);
        server.Reply = Faults.Status(HttpStatusCode.BadRequest, """{"status":"error","errorType":"bad_data","error":"parse error"}""");
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<SourceException>(() => metrics.QueryAsync("sum(", null, TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                "Prometheus is down (Unauthorized): Prometheus does not accept the dashboard's credentials (401). Check the user, password or token under Sources:Prometheus, and what they are allowed to read.",
                "Prometheus answers again.",
                "Prometheus failed a query (Refused): Prometheus refused the query: parse error. Correct the query of the KPI. Query: sum(",
            ],
            lines.Written);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Written)
                Written.Add(formatter(state, exception) + exception);
        }

        public void Dispose()
        {
        }
    }
}
