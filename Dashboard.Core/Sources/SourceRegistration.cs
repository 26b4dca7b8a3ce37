using Dashboard.Core.Kpis;
using Dashboard.Core.Sources.Http;
using Dashboard.Core.Sources.Prometheus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly.Telemetry;

namespace Dashboard.Core.Sources;

/// <summary>The one door to the monitored systems.</summary>
public static class SourceRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Adds the sources, each by its interface and as an <see cref="ISourceProbe"/>, with the settings under <c>Sources</c>. Settings that cannot be used stop
        /// the start with a <see cref="Settings.SettingsException"/>.
        /// </summary>
        public IServiceCollection AddSources(IConfiguration configuration)
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton(_ => new SourceSettings(configuration));
            services.AddHostedService<SourceSettingsCheck>();

            // Each failure is logged once, in words, by SourceLog; the resilience pipeline's own log would repeat it with each try. Its metrics stay.
            services.Configure<TelemetryOptions>(telemetry => telemetry.LoggerFactory = NullLoggerFactory.Instance);

            services.AddHttpSource(SourceKind.Prometheus, provider => provider.GetRequiredService<SourceSettings>().Prometheus);
            services.AddSingleton(provider =>
            {
                var options = provider.GetRequiredService<SourceSettings>().Prometheus;
                return new PrometheusClient(provider.HttpSourceFor(SourceKind.Prometheus, options, new HttpCredentials(options)), options, LogOf(provider, SourceKind.Prometheus));
            });
            services.AddSingleton<IMetricSource>(provider => provider.GetRequiredService<PrometheusClient>());
            services.AddSingleton<ISourceProbe>(provider => provider.GetRequiredService<PrometheusClient>());
            return services;
        }
    }

    private static SourceLog LogOf(IServiceProvider provider, SourceKind source) =>
        new(source, (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger($"{typeof(SourceRegistration).Namespace}.{source}"));

    /// <summary>Needs the settings, so that they are read and checked before anything starts.</summary>
    private sealed class SourceSettingsCheck : IHostedService
    {
        public SourceSettingsCheck(SourceSettings settings) => ArgumentNullException.ThrowIfNull(settings);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
