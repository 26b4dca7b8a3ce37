using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;

namespace Dashboard.Web.Shell;

/// <summary>Registers what all pages, static and interactive, need.</summary>
public static class ShellServices
{
    extension(IServiceCollection services)
    {
        /// <summary>MudBlazor with the dashboard's look. Safe to call more than once.</summary>
        public IServiceCollection AddShell()
        {
            services.AddRazorComponents();
            services.AddMudServices();
            services.TryAddSingleton<AssetAddresses>();
            services.TryAddSingleton<StaticRenderer>();
            return services;
        }
    }
}
