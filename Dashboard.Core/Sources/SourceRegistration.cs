using Dashboard.Core.Kpis;
using Dashboard.Core.Sources.Elasticsearch;
using Dashboard.Core.Sources.Http;
using Dashboard.Core.Sources.Jaeger;
using Dashboard.Core.Sources.Postgres;
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
            services.PostConfigure<TelemetryOptions>(telemetry => telemetry.LoggerFactory = NullLoggerFactory.Instance);

            services.AddHttpSource(SourceKind.Prometheus, provider => provider.GetRequiredService<SourceSettings>().Prometheus);
            services.AddHttpSource(SourceKind.Jaeger, provider => provider.GetRequiredService<SourceSettings>().Jaeger);
            services.AddHttpSource(SourceKind.Elasticsearch, provider => provider.GetRequiredService<SourceSettings>().Elasticsearch);

            services.AddSource<IMetricSource, PrometheusClient>(provider =>
            {
                var options = provider.GetRequiredService<SourceSettings>().Prometheus;
                return new PrometheusClient(
                    provider.HttpSourceFor(SourceKind.Prometheus, options, new HttpCredentials(options)), options, LogOf(provider, SourceKind.Prometheus));
            });
            services.AddSource<ITraceSource, JaegerClient>(provider =>
            {
                var options = provider.GetRequiredService<SourceSettings>().Jaeger;
                return new JaegerClient(provider.HttpSourceFor(SourceKind.Jaeger, options, new HttpCredentials(options)), options, LogOf(provider, SourceKind.Jaeger));
            });
            services.AddSource<ILogSource, ElasticsearchClient>(provider =>
            {
                var options = provider.GetRequiredService<SourceSettings>().Elasticsearch;
                var credentials = new HttpCredentials(options, (nameof(options.ApiKey), options.ApiKey, options.ApiKeyFile));
                return new ElasticsearchClient(
                    provider.HttpSourceFor(SourceKind.Elasticsearch, options, credentials), options, LogOf(provider, SourceKind.Elasticsearch));
            });
            services.AddSource<IBusinessSource, PostgresClient>(provider =>
            {
                var options = provider.GetRequiredService<SourceSettings>().Postgres;
                var secrets = new Secrets();
                return new PostgresClient(ReadOnlyDatabase.Open(options, secrets), options, new PostgresFailures(ReadOnlyDatabase.AddressOf(options), options, secrets),
                    LogOf(provider, SourceKind.Postgres), provider.GetRequiredService<TimeProvider>());
            });
            return services;
        }
    }

    private static void AddSource<TSource, TClient>(this IServiceCollection services, Func<IServiceProvider, TClient> client)
        where TSource : class
        where TClient : class, TSource, ISourceProbe
    {
        services.AddSingleton(client);
        services.AddSingleton<TSource>(provider => provider.GetRequiredService<TClient>());
        services.AddSingleton<ISourceProbe>(provider => provider.GetRequiredService<TClient>());
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
