using System.Net;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Settings;
using Dashboard.Core.Sources;
using Dashboard.Web.Api;
using Dashboard.Web.ErrorPages;
using Dashboard.Web.Scorecards;
using Dashboard.Web.Security;
using Dashboard.Web.SourcesPage;
using Dashboard.Web.Telemetry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace Dashboard.Web.Hosting;

/// <summary>The dashboard, put together.</summary>
public static class DashboardApp
{
    /// <summary>Exit code where the settings or the machine do not allow a start; the reason stands on the error stream.</summary>
    public const int CannotStart = 2;

    /// <summary>What holds where the settings say nothing.</summary>
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.Ordinal)
    {
        // A page of another site cannot reach the dashboard by a name of its own that it points here.
        ["AllowedHosts"] = "localhost;127.0.0.1;[::1]",

        // The frameworks tell what goes wrong; what goes on is told by the metrics.
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Dashboard"] = "Information",

        // Each failure of a source is told once, by its client, in words; this would repeat it with each try.
        ["Logging:LogLevel:Polly"] = "None",

        // It warns that its keys are not encrypted: they are in a folder for their owner only.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
    };

    /// <summary>Runs until it is stopped.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var listening = "The address";
        try
        {
            await using var app = Build(args);
            var settings = app.Services.GetRequiredService<HostSettings>();
            KeyFolder.Prepare(settings.DataPath);
            listening = $"Port {settings.Port} at {settings.Listen}";
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartupProblem.Explain(e, listening) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return CannotStart;
        }
    }

    /// <summary>Puts the dashboard together without starting it.</summary>
    /// <param name="args">Settings as <c>--Section:Key=value</c>; they win over the environment, which wins over appsettings.json.</param>
    /// <param name="configure">Last word on what is registered, for tests.</param>
    /// <exception cref="SettingsException">Settings that cannot be used.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Settings are read once, at start: no file is watched.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ApplicationName = typeof(DashboardApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        var settings = HostSettings.From(builder.Configuration);
        var hasStarted = false;
        AddLogging(builder.Logging, () => hasStarted);
        AddServer(builder, settings);
        AddServices(builder, settings);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
        Map(app, settings);
        return app;
    }

    // The output stream is for what scripts wait for; everything else goes to the error stream.
    private static void AddLogging(ILoggingBuilder logging, Func<bool> hasStarted)
    {
        // What stops the start is told once, by whoever runs this, and without a stack trace where it can be explained.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && hasStarted());
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddServer(WebApplicationBuilder builder, HostSettings settings)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Nobody needs to know what serves this.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = settings.MaxCircuits;

            // Nothing large is ever sent to the dashboard; a circuit's messages are not request bodies.
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);

            // A viewer who reads slowly holds no more than this; a page fits in whole.
            kestrel.Limits.MaxResponseBufferSize = 64 * 1024;
            if (settings.Listen.Equals(IPAddress.Any))
                kestrel.ListenAnyIP(settings.Port);
            else
                kestrel.Listen(settings.Listen, settings.Port);
        });
    }

    private static void AddServices(WebApplicationBuilder builder, HostSettings settings)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Console.Out);
        ThrowAllAtOnce(
            () => services.AddSources(configuration),
            () => services.AddKpis(configuration),
            () => services.AddCollection(configuration),
            () => services.AddTelemetry(configuration));
        services.AddApi();
        services.AddScorecards();
        services.AddSingleton<SourceChecks>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAntiforgery(forms => forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        services.AddDataProtection().SetApplicationName(TelemetryServices.ServiceName).PersistKeysToFileSystem(KeyFolder.In(settings.DataPath));
        services.AddResponseCompression();
        services.AddHostedService<ReadyAnnouncer>();
        if (settings.Proxies is not [])
        {
            services.Configure<ForwardedHeadersOptions>(forwarded =>
            {
                forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
                forwarded.KnownIPNetworks.Clear();
                forwarded.KnownProxies.Clear();
                foreach (var proxy in settings.Proxies)
                    forwarded.KnownProxies.Add(proxy);
            });
        }
    }

    /// <summary>Whoever has to correct the settings wants to see everything that is wrong, not the first of it.</summary>
    private static void ThrowAllAtOnce(params ReadOnlySpan<Action> registrations)
    {
        List<string> problems = [];
        foreach (var register in registrations)
        {
            try
            {
                register();
            }
            catch (SettingsException wrong)
            {
                problems.AddRange(wrong.Problems);
            }
        }

        if (problems is not [])
            throw new SettingsException([.. problems]);
    }

    private static void Map(WebApplication app, HostSettings settings)
    {
        if (settings.Proxies is not [])
            app.UseForwardedHeaders();
        app.UseMiddleware<OpenStreams>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseErrorAnswers();
        app.UseMiddleware<ForeignOrigins>();
        app.UseResponseCompression();
        app.UseRateLimiter();
        app.UseAntiforgery();

        app.MapApi();
        app.MapOpenApi("/openapi/v1.json");
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapStaticAssets();
        app.MapScorecards();

        // Its own header for frames is left out: ours says it for every page.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(circuits => circuits.ContentSecurityFrameAncestorsPolicy = null);
    }
}
