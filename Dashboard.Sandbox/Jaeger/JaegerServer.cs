using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>
/// A trace store that a client cannot tell from Jaeger: OTLP over HTTP in, the query interface of a chosen generation out. In memory, within a bound,
/// on loopback only.
/// </summary>
public sealed class JaegerServer : IAsyncDisposable
{
    private const string Page = "<!doctype html><html lang=\"en\"><head><title>Jaeger-compatible sandbox</title></head><body>Traces are at /api.</body></html>";
    private readonly WebApplication _query;
    private readonly WebApplication _otlp;

    private JaegerServer(WebApplication query, WebApplication otlp, SpanStore store)
    {
        (_query, _otlp, Store) = (query, otlp, store);
        (QueryUrl, OtlpUrl) = (UrlOf(query), UrlOf(otlp));
    }

    /// <summary>Where the query interface is, with its real port and without a path.</summary>
    public Uri QueryUrl { get; }

    /// <summary>Where OTLP over HTTP is taken in (append <c>v1/traces</c>), with its real port.</summary>
    public Uri OtlpUrl { get; }

    public int QueryPort => QueryUrl.Port;

    public int OtlpPort => OtlpUrl.Port;

    /// <summary>Spans held now.</summary>
    public int SpanCount => Store.SpanCount;

    /// <summary>Traces held now.</summary>
    public int TraceCount => Store.TraceCount;

    internal SpanStore Store { get; }

    /// <summary>Starts both endpoints; the past, if one is given, is in the store when this returns.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<JaegerServer> StartAsync(JaegerServerOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var store = new SpanStore(options.MaxSpans, options.MaxBytes);
        if (options.History is { } history)
            TraceHistory.Fill(store, history);

        var query = Build(options.QueryPort, options.MaxRequestBytes);
        new LegacyApi(store, clock, options.Generation).Map(query);
        new V3Api(store, options.Generation).Map(query);
        query.MapFallback(context => UnknownAsync(context, options.Generation));

        var otlp = Build(options.OtlpPort, options.MaxRequestBytes);
        otlp.UseRequestDecompression();
        new OtlpEndpoint(store).Map(otlp);

        try
        {
            await query.StartAsync(cancellation);
            await otlp.StartAsync(cancellation);
        }
        catch
        {
            await query.DisposeAsync();
            await otlp.DisposeAsync();
            throw;
        }

        return new JaegerServer(query, otlp, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _query.DisposeAsync();
        await _otlp.DisposeAsync();
    }

    private static WebApplication Build(int port, long maxRequestBytes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = maxRequestBytes;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddRequestDecompression();
        return builder.Build();
    }

    private static Uri UrlOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    // Until 2.15 the user interface's page answered for every path that is not known, also under /api.
    private static async Task UnknownAsync(HttpContext context, JaegerGeneration generation)
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && generation >= JaegerGeneration.V2_16)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("404 page not found\n", context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(Page, context.RequestAborted);
    }
}
