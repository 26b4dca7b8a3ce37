using Dashboard.Core.Kpis;
using Dashboard.Core.Sources.Elasticsearch;
using Dashboard.Core.Sources.Http;
using Dashboard.Core.Sources.Jaeger;
using Dashboard.Core.Sources.Postgres;
using Dashboard.Core.Sources.Prometheus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        /// Adds the sources, each by its interface and as an <see cref="ISourceProbe"/>, with the settings under <c>Sources</c>.
        /// </summary>
        /// <exception cref="Settings.SettingsException">Settings that cannot be used: all that is wrong with them.</exception>
        public IServiceCollection AddSources(IConfiguration configuration)
        {
            var settings = new SourceSettings(configuration);
            services.TryAddSingleton(TimeProvider.System);

            // Each failure is logged once, in words, by SourceLog; the resilience pipeline's own log would repeat it with each try. Its metrics stay.
            services.PostConfigure<TelemetryOptions>(telemetry => telemetry.LoggerFactory = NullLoggerFactory.Instance);

            services.AddHttpSource(SourceKind.Prometheus, settings.Prometheus);
            services.AddHttpSource(SourceKind.Jaeger, settings.Jaeger);
            services.AddHttpSource(SourceKind.Elasticsearch, settings.Elasticsearch);

            services.AddSource<IMetricSource, PrometheusClient>(provider =>
            {
                var options = settings.Prometheus;
                return new PrometheusClient(
                    provider.HttpSourceFor(SourceKind.Prometheus, options, new HttpCredentials(options)), options, LogOf(provider, SourceKind.Prometheus));
            });
            services.AddSource<ITraceSource, JaegerClient>(provider =>
            {
                var options = settings.Jaeger;
                return new JaegerClient(provider.HttpSourceFor(SourceKind.Jaeger, options, new HttpCredentials(options)), options, LogOf(provider, SourceKind.Jaeger));
            });
            services.AddSource<ILogSource, ElasticsearchClient>(provider =>
            {
                var options = settings.Elasticsearch;
                var credentials = new HttpCredentials(options, (nameof(options.ApiKey), options.ApiKey, options.ApiKeyFile));
                return new ElasticsearchClient(
                    provider.HttpSourceFor(SourceKind.Elasticsearch, options, credentials), options, LogOf(provider, SourceKind.Elasticsearch));
            });
            services.AddSource<IBusinessSource, PostgresClient>(provider =>
            {
                var options = settings.Postgres;
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
}
