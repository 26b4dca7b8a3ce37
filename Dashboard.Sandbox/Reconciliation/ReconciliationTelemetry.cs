using Dashboard.Sandbox.Story;
using Npgsql;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>OpenTelemetry of the reference service: standard instruments, standard names, standard exporters.</summary>
internal static class ReconciliationTelemetry
{
    /// <summary>Bounds in seconds, chosen so that each response time target is one of them: the share under a target is then exact.</summary>
    public static readonly double[] DurationBounds =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>
    /// Series that one instrument may have. Room for all of them is taken at the start, so the usual 2000 would cost 8 MB; routes,
    /// methods and statuses make about a hundred.
    /// </summary>
    private const int MostSeries = 250;

    public static void AddReconciliationTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(SandboxStory.Service, serviceVersion: SandboxStory.GoodVersion, serviceInstanceId: SandboxStory.Instance)
                .AddAttributes([new("deployment.environment.name", "sandbox")]))
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime", "Npgsql", ReconciliationMetrics.MeterName)
                .AddView(instrument => instrument.Name == "http.server.request.duration"
                    ? new ExplicitBucketHistogramConfiguration { Boundaries = DurationBounds, CardinalityLimit = MostSeries }
                    : new MetricStreamConfiguration { CardinalityLimit = MostSeries })
                .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
            return;
        telemetry.WithTracing(traces => traces
            .AddSource(ReconciliationCache.ActivityName)
            .AddAspNetCoreInstrumentation(options => options.Filter = context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
            .AddHttpClientInstrumentation()
            .AddNpgsql()
            .AddOtlpExporter(options => options.Protocol = OtlpExportProtocol.HttpProtobuf));
    }
}
