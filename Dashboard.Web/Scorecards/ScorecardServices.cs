using Dashboard.Core.Collection;
using Dashboard.Web.Shell;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dashboard.Web.Scorecards;

/// <summary>Registers the scorecard.</summary>
public static class ScorecardServices
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// The scorecard page and its event stream. Needs a <see cref="Core.Kpis.KpiCatalog"/>; shows what is published to the <see cref="ScorecardFeed"/>.
        /// </summary>
        public IServiceCollection AddScorecards()
        {
            services.AddShell();
            services.AddMetrics();
            services.TryAddSingleton<ScorecardFeed>();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<ScorecardStream>();
            services.TryAddSingleton<ScorecardDocument>();
            services.AddHostedService<ScorecardPublisher>();
            return services;
        }
    }
}
