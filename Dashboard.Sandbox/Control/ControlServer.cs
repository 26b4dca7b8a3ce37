using System.Text.Json;
using Dashboard.Sandbox.Faults;
using Dashboard.Sandbox.Traffic;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dashboard.Sandbox.Control;

/// <summary>The page, and the interface behind it, that makes the sandbox go wrong on purpose: faults, load, stopped servers.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly WebApplication app;
    private readonly HttpClient forward;

    private ControlServer(WebApplication app, HttpClient forward)
    {
        this.app = app;
        this.forward = forward;
    }

    /// <summary>Where it listens; the page is at <c>/sandbox</c>.</summary>
    public Uri Address => new(app.Urls.First());

    /// <param name="options">Addresses.</param>
    /// <param name="servers">What can be stopped and started.</param>
    /// <param name="traffic">Whose load is switched.</param>
    /// <param name="faults">The partner's faults: the same set that the partner's server asks.</param>
    public static async Task<ControlServer> StartAsync(
        ControlOptions options, ISandboxServers servers, TrafficGenerator traffic, FaultSet faults, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Settings that lie in the working directory are the dashboard's.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        builder.Services.AddProblemDetails();
        var server = builder.Build();
        server.Urls.Add($"http://127.0.0.1:{options.Port}");
        var service = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = options.Service,
            Timeout = TimeSpan.FromSeconds(5),
        };

        server.UseExceptionHandler();
        server.UseStatusCodePages();
        server.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        server.UseLoopbackOnly();
        MapPage(server, options);
        MapFaults(server, new ServiceFaults(service, faults));
        MapTraffic(server, traffic);
        MapServers(server, servers);
        await server.StartAsync(cancellation);
        return new ControlServer(server, service);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        forward.Dispose();
    }

    private static void MapPage(WebApplication server, ControlOptions options)
    {
        server.MapGet("/", () => TypedResults.Redirect("/sandbox"));
        server.MapGet("/sandbox", () => PageFile("control.html", "text/html; charset=utf-8"));
        server.MapGet("/sandbox/control.css", () => PageFile("control.css", "text/css; charset=utf-8"));
        server.MapGet("/sandbox/control.js", () => PageFile("control.js", "text/javascript; charset=utf-8"));
        server.MapGet("/sandbox/page", () => TypedResults.Json(new PageAnswer(options.Dashboard), ControlJson.Default.PageAnswer));
    }

    private static FileStreamHttpResult PageFile(string name, string type) =>
        TypedResults.Stream(typeof(ControlServer).Assembly.GetManifestResourceStream($"control/{name}")!, type);

    private static void MapFaults(WebApplication server, ServiceFaults faults)
    {
        server.MapGet(FaultRoutes.Path, async (CancellationToken cancellation) => Json(await faults.ReadAsync(cancellation)));
        server.MapDelete(FaultRoutes.Path, async (CancellationToken cancellation) => Json(await faults.ClearAsync(cancellation)));
        server.MapPost(FaultRoutes.Path, async Task<IResult> (HttpRequest request, CancellationToken cancellation) =>
        {
            var (refused, changes) = await FaultRoutes.ReadAsync(request, cancellation);
            if (refused is not null)
                return refused;
            return await faults.ApplyAsync(changes, cancellation) is { } answer
                ? Json(answer)
                : TypedResults.Problem("The reference service does not answer. Start it first.", statusCode: 503, title: "Service is down");
        });

        static IResult Json(FaultsAnswer answer) => TypedResults.Json(answer, FaultJson.Default.FaultsAnswer);
    }

    private static void MapTraffic(WebApplication server, TrafficGenerator traffic)
    {
        server.MapGet("/sandbox/traffic", Answer);
        server.MapPost("/sandbox/traffic", async Task<IResult> (HttpRequest request, CancellationToken cancellation) =>
        {
            if (await FactorAsync(request, cancellation) is not { } factor)
            {
                return TypedResults.ValidationProblem(new Dictionary<string, string[]>
                {
                    ["factor"] = [$"Expected a number from 0 to {TrafficGenerator.MostFactor}."],
                });
            }

            traffic.Factor = factor;
            return Answer();
        });

        IResult Answer() => TypedResults.Json(
            new TrafficAnswer(traffic.Factor, TrafficGenerator.MostFactor, traffic.Users, traffic.Sent), ControlJson.Default.TrafficAnswer);
    }

    private static async Task<double?> FactorAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, cancellation);
            return body.RootElement is { ValueKind: JsonValueKind.Object } fields
                && fields.TryGetProperty("factor", out var value)
                && value.ValueKind == JsonValueKind.Number
                && value.TryGetDouble(out var factor)
                && factor is >= 0 and <= TrafficGenerator.MostFactor
                    ? factor
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void MapServers(WebApplication server, ISandboxServers servers)
    {
        server.MapGet("/sandbox/servers", Answer);
        server.MapPost("/sandbox/servers/{name}/stop", (string name, CancellationToken cancellation) =>
            SwitchAsync(name, () => servers.StopAsync(name, cancellation)));
        server.MapPost("/sandbox/servers/{name}/start", (string name, CancellationToken cancellation) =>
            SwitchAsync(name, () => servers.StartAsync(name, cancellation)));

        IResult Answer() => TypedResults.Json(new ServersAnswer(servers.All), ControlJson.Default.ServersAnswer);

        async Task<IResult> SwitchAsync(string name, Func<Task> change)
        {
            if (servers.All.All(known => known.Name != name))
                return TypedResults.Problem($"There is no server '{name}'.", statusCode: 404, title: "Not found");
            await change();
            return Answer();
        }
    }
}
