using Dashboard.Core.Collection;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Settings;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dashboard.Core.Kpis;

/// <summary>Registers the catalogue and what measures and checks it.</summary>
public static class KpiRegistration
{
    /// <summary>The service's name in the traces, unless the settings name another.</summary>
    private const string Service = "reconciliation-service";

    extension(IServiceCollection services)
    {
        /// <summary>Adds the catalogue with the changes of the settings, the reader and the checker. They ask the sources of <c>AddSources</c>.</summary>
        /// <exception cref="SettingsException">Something in the settings is wrong; it tells all that is.</exception>
        public IServiceCollection AddKpis(IConfiguration configuration)
        {
            var traced = configuration["Sources:Jaeger:Service"] is { Length: > 0 } set ? set : Service;
            services.TryAddSingleton(TimeProvider.System);
            return services
                .AddSingleton(KpiCatalogLoader.Load(configuration))
                .AddSingleton(KpiCatalogLoader.LoadMetricSettings(configuration))
                .AddSingleton<MetricDialects>()
                .AddSingleton<IDialectTeller>(p => p.GetRequiredService<MetricDialects>())
                .AddSingleton<SharedMetricQueries>()
                .AddSingleton<MetricMeasurement>()
                .AddSingleton<MetricPast>()
                .AddSingleton<LogMeasurement>()
                .AddSingleton<SqlMeasurement>()
                .AddSingleton(p => new TraceMeasurement(
                    p.GetRequiredService<ITraceSource>(), p.GetRequiredService<SharedMetricQueries>(), p.GetRequiredService<MetricDialects>(),
                    p.GetRequiredService<MetricSettings>(), traced, p.GetRequiredService<TimeProvider>()))
                .AddSingleton<ITargetChecker, TargetChecker>()
                .AddSingleton<IKpiReader, KpiReader>();
        }
    }
}
