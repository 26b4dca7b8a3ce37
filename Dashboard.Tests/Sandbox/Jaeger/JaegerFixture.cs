using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Sandbox.Jaeger;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Sandbox.Jaeger;

/// <summary>An empty Jaeger-compatible server on free ports whose clock stands still, and a client.</summary>
internal sealed class JaegerFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private JaegerFixture(JaegerServer server)
    {
        Server = server;
        Http = new HttpClient { BaseAddress = server.QueryUrl };
    }

    public JaegerServer Server { get; }

    public HttpClient Http { get; }

    public static async Task<JaegerFixture> StartAsync(
        JaegerGeneration generation = JaegerGeneration.V2_19, Func<JaegerServerOptions, JaegerServerOptions>? with = null)
    {
        var options = new JaegerServerOptions { Generation = generation };
        return new(await JaegerServer.StartAsync(with?.Invoke(options) ?? options, new FakeTimeProvider(Now), TestContext.Current.CancellationToken));
    }

    public static string Id(int number) => number.ToString("x32");

    public static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / 10;

    public static string LegacyRange(TimeSpan back) => $"start={Microseconds(Now - back)}&end={Microseconds(Now)}";

    public static string V3Range(TimeSpan back) =>
        $"query.start_time_min={Now - back:yyyy-MM-ddTHH:mm:ss.fffffff}00Z&query.start_time_max={Now:yyyy-MM-ddTHH:mm:ss}Z";

    /// <summary>Sends one server span by OTLP in JSON.</summary>
    public async Task SendAsync(
        int trace, DateTimeOffset at, TimeSpan duration, string service = "shop", string name = "GET /", int span = 1, int parent = 0,
        string? route = null, bool failed = false, object? value = null)
    {
        var nanos = (at - DateTimeOffset.UnixEpoch).Ticks * 100;
        var attributes = new List<object> { new { key = "http.response.status_code", value = new { intValue = "200" } } };
        if (route is not null)
            attributes.Add(new { key = "http.route", value = new { stringValue = route } });
        if (value is not null)
            attributes.Add(new { key = "special", value });
        using var answer = await Http.PostAsJsonAsync(new Uri(Server.OtlpUrl, "v1/traces"), new
        {
            resourceSpans = new[]
            {
                new
                {
                    resource = new { attributes = new[] { new { key = "service.name", value = new { stringValue = service } } } },
                    scopeSpans = new[]
                    {
                        new
                        {
                            scope = new { name = "test", version = "1" },
                            spans = new[]
                            {
                                new
                                {
                                    traceId = Id(trace), spanId = span.ToString("x16"), parentSpanId = parent is 0 ? "" : parent.ToString("x16"), name, kind = 2,
                                    startTimeUnixNano = nanos.ToString(), endTimeUnixNano = (nanos + (duration.Ticks * 100)).ToString(),
                                    attributes, status = failed ? new { code = 2, message = "broken" } : new { code = 0, message = "" },
                                },
                            },
                        },
                    },
                },
            },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
