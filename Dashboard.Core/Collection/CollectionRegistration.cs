using Dashboard.Core.Collection.Doctor;
using Dashboard.Core.History;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dashboard.Core.Collection;

/// <summary>Registers the collector, its feed, the history and the doctor.</summary>
public static class CollectionRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the collector, which starts with the host, and what it needs beside the catalogue, the reader and the sources' probes.</summary>
        /// <exception cref="Settings.SettingsException">Something in the settings is wrong; it tells all that is.</exception>
        public IServiceCollection AddCollection(IConfiguration configuration)
        {
            services.AddMetrics();
            services.TryAddSingleton(TimeProvider.System);
            return services
                .AddSingleton(CollectionOptions.From(configuration))
                .AddSingleton(HistoryOptions.From(configuration))
                .AddSingleton<ScorecardFeed>()
                .AddSingleton<CollectionMetrics>()
                .AddSingleton<IReadingHistory, SqliteReadingHistory>()
                .AddSingleton<IDialectTeller, MetricDialectTeller>()
                .AddSingleton<SourceDoctor>()
                .AddHostedService<ScorecardCollector>();
        }
    }
}
