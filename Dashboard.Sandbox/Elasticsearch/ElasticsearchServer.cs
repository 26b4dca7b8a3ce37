using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// A log store that a client cannot tell from Elasticsearch or OpenSearch, as far as a log page needs: documents in by bulk requests, searches, counts and
/// aggregations out. In memory, within a bound, on loopback only.
/// </summary>
public sealed class ElasticsearchServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LogIndex _index;
    private readonly PointsInTime _points;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _refreshing;

    private ElasticsearchServer(WebApplication app, LogIndex index, PointsInTime points, TimeSpan refreshInterval, TimeProvider clock)
    {
        (_app, _index, _points) = (app, index, points);
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        _refreshing = RefreshAsync(refreshInterval, clock);
    }

    /// <summary>Where it is, with its real port and without a path.</summary>
    public Uri Url { get; }

    public int Port => Url.Port;

    /// <summary>Documents held now.</summary>
    public int DocumentCount => _index.Documents;

    /// <summary>Bytes that the index takes in memory.</summary>
    public long IndexBytes => _index.Bytes;

    /// <summary>Starts it; the past, if one is given, is searchable when this returns.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ElasticsearchServer> StartAsync(ElasticsearchServerOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var index = new LogIndex(options.MaxDocuments, options.MaxBytes);
        var points = new PointsInTime(clock);
        WebApplication? app = null;
        try
        {
            if (options.History is { } history)
                LogHistory.Fill(index, history);
            app = Build(options, index, points, clock);
            await app.StartAsync(cancellation);
            return new ElasticsearchServer(app, index, points, options.RefreshInterval, clock);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            points.Dispose();
            index.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        await _refreshing;
        _points.Dispose();
        _index.Dispose();
        _stopping.Dispose();
    }

    private static WebApplication Build(ElasticsearchServerOptions options, LogIndex index, PointsInTime points, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddRequestDecompression();
        var app = builder.Build();
        app.UseRequestDecompression();
        app.Use(async (context, next) =>
        {
            if (!options.Engine.IsOpenSearch())
                context.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
            await AnswerAsync(context, next, options.Engine);
        });
        app.UseRouting();
        new SearchEndpoint(index, points, options.Engine, clock).Map(app);
        new BulkEndpoint(index, options.Engine).Map(app);
        new ClusterEndpoint(index, points, options.Engine, clock).Map(app);
        app.MapFallback(context => throw ElasticsearchException.Illegal($"no handler found for uri [{context.Request.Path}] and method [{context.Request.Method}]"));
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ElasticsearchEngine engine)
    {
        try
        {
            if (MediaTypes.Refusal(context, engine) is { } refusal)
                await RefuseAsync(context, engine, refusal.Status, refusal.Reason);
            else
                await next(context);
        }
        catch (ElasticsearchException refused)
        {
            await JsonAnswer.WriteErrorAsync(context, engine, refused);
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(context, engine, refused.StatusCode, "The request is too large.");
        }
        catch (InvalidOperationException refused) when (!context.Response.HasStarted)
        {
            // A member of another JSON type than expected.
            await JsonAnswer.WriteErrorAsync(context, engine, ElasticsearchException.Parsing(refused.Message));
        }
    }

    private static async Task RefuseAsync(HttpContext context, ElasticsearchEngine engine, int status, string reason)
    {
        context.Request.Headers.Accept = "application/json";
        if (status is StatusCodes.Status400BadRequest)
        {
            await JsonAnswer.WriteErrorAsync(context, engine, new ElasticsearchException(status, "media_type_header_exception", reason));
            return;
        }

        await JsonAnswer.WriteAsync(context, engine, status, json =>
        {
            json.WriteString("error", reason);
            json.WriteNumber("status", status);
        });
    }

    private async Task RefreshAsync(TimeSpan interval, TimeProvider clock)
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                _index.Refresh();
                _points.Clean();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
