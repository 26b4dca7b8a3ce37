using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Core.Kpis;

/// <summary>Registers the catalogue and what measures and checks it.</summary>
public static class KpiRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the catalogue, with the changes of the settings.</summary>
        /// <exception cref="SettingsException">Something in the settings is wrong; it tells all that is.</exception>
        public IServiceCollection AddKpis(IConfiguration configuration) =>
            services.AddSingleton(KpiCatalogLoader.Load(configuration)).AddSingleton(KpiCatalogLoader.LoadMetricSettings(configuration));
    }
}
