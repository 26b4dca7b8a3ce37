using System.Reflection;
using Dashboard.Core.Settings;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dashboard.Web.Telemetry;

/// <summary>The dashboard's own metrics and traces, by the same conventions as those of the services it watches: it can be its own subject.</summary>
public static class TelemetryServices
{
    public const string ServiceName = "performance-dashboard";

    /// <summary>Distinct label sets a metric may have. The default of 2,000 is reserved in memory for each metric from the start.</summary>
    private const int MostLabelSets = 200;

    // The targets of the response times are bounds, so that the shares under them are exact.
    private static readonly double[] Seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30];

    // Gauges whose Prometheus names end as a histogram's count does, which its linter refuses. Nobody watches them.
    private static readonly string[] Misnamed = ["dotnet.assembly.count", "dotnet.process.cpu.count", "dotnet.timer.count"];

    /// <exception cref="SettingsException">The endpoint for traces is no URL.</exception>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WebMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: Version))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddMeter("Dashboard.*")
                .AddView(instrument => Misnamed.Contains(instrument.Name)
                    ? MetricStreamConfiguration.Drop
                    : new MetricStreamConfiguration { CardinalityLimit = MostLabelSets })
                .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, CardinalityLimit = MostLabelSets })
                .AddView("http.client.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, CardinalityLimit = MostLabelSets })
                .AddPrometheusExporter());

        if (TraceEndpoint(configuration) is { } endpoint)
        {
            telemetry.WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !IsNoise(context.Request.Path))
                .AddHttpClientInstrumentation()
                .AddNpgsql()
                .AddSource("Dashboard.*")
                .AddOtlpExporter(export => export.Endpoint = endpoint));
        }
    }

    /// <summary>Where traces go: <c>Telemetry:Endpoint</c>, or the standard variable; null (the default) where they go nowhere.</summary>
    public static Uri? TraceEndpoint(IConfiguration configuration)
    {
        var name = configuration["Telemetry:Endpoint"] is { Length: > 0 } ? "Telemetry:Endpoint" : "OTEL_EXPORTER_OTLP_ENDPOINT";
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new SettingsException($"{name} is \"{text}\": expected an http or https address such as http://localhost:4317.");
    }

    private static string Version =>
        typeof(TelemetryServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private static bool IsNoise(PathString path) =>
        path.StartsWithSegments("/events", StringComparison.Ordinal) || path.StartsWithSegments("/_blazor", StringComparison.Ordinal)
        || path == "/metrics" || path == "/healthz" || path == "/readyz";
}
