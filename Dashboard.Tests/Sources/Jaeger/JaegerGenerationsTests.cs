using Dashboard.Core.Series;
using Dashboard.Core.Sources;
using Dashboard.Sandbox.Jaeger;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources.Jaeger;

/// <summary>Against the sandbox's server, in each generation of the interface.</summary>
public sealed class JaegerGenerationsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<JaegerGeneration, string> Generations => new()
    {
        { JaegerGeneration.V1, "legacy search (Jaeger 1, or 2 up to 2.18)" },
        { JaegerGeneration.EarlyV2, "legacy search (Jaeger 1, or 2 up to 2.18)" },
        { JaegerGeneration.V2_16, "legacy search (Jaeger 1, or 2 up to 2.18)" },
        { JaegerGeneration.V2_19, "legacy search (Jaeger 2.19 or 2.20)" },
        { JaegerGeneration.V2_21, "v3 search (Jaeger 2.21 or later)" },
    };

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task The_slowest_of_thousands_is_found(JaegerGeneration generation, string inWords)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await JaegerServer.StartAsync(new JaegerServerOptions { Generation = generation }, TimeProvider.System, cancellation);
        await using var sources = TestSources.With(("Jaeger:Url", server.QueryUrl.ToString()));
        var traces = sources.GetRequiredService<ITraceSource>();
        var range = TimeRange.Before(Noon, TimeSpan.FromMinutes(5));

        Assert.Null((await traces.SlowestAsync("shop", range, cancellation)).Value);

        var random = new Random(7);
        server.Store.Add(Enumerable.Range(1, 3_000).SelectMany(i => Trace(i, random.Next(1_000, 900_000), random.Next(0, 299))));
        server.Store.Add(Trace(5_000, 1_234_567, 10));
        server.Store.Add(Trace(5_001, 9_000_000, 301));
        server.Store.Add(Trace(5_002, 9_000_000, -1));

        var answer = await traces.SlowestAsync("shop", range, cancellation);
        var identity = (await sources.GetServices<ISourceProbe>().Single(p => p.Source is Core.Kpis.SourceKind.Jaeger).ProbeAsync(cancellation)).Value;

        Assert.Equal(5_000.ToString("x32"), answer.Value!.TraceId);
        Assert.Equal(TimeSpan.FromMicroseconds(1_234_567), answer.Value.Duration);
        Assert.Equal(range.Start.AddSeconds(10), answer.Value.StartedAt);
        Assert.Empty(answer.Warnings);
        Assert.Equal(inWords, identity.Dialect);
    }

    /// <summary>A request and the query inside it.</summary>
    private static Span[] Trace(int id, long microseconds, int second)
    {
        var start = ((Noon.AddMinutes(-5) - DateTimeOffset.UnixEpoch).Ticks * 100) + (second * 1_000_000_000L);
        var shop = new SpanResource("shop", [new("service.name", "shop")]);
        var scope = new SpanScope("test", "1");
        return
        [
            new() { TraceId = (UInt128)id, SpanId = 1, Name = "GET /", Kind = 2, Start = start, End = start + (microseconds * 1000), Resource = shop, Scope = scope },
            new() { TraceId = (UInt128)id, SpanId = 2, ParentId = 1, Name = "query", Kind = 3, Start = start, End = start + (microseconds * 900), Resource = shop, Scope = scope },
        ];
    }
}
