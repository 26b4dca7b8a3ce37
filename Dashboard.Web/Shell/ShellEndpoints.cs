using System.IO.Compression;

namespace Dashboard.Web.Shell;

/// <summary>Maps what all pages, static and interactive, need.</summary>
public static class ShellEndpoints
{
    /// <summary>GET and HEAD.</summary>
    public static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    extension(IEndpointRouteBuilder endpoints)
    {
        /// <summary>Serves <c>/theme.css</c>.</summary>
        public void MapShell()
        {
            var services = endpoints.ServiceProvider;
            services.GetRequiredService<AssetAddresses>().LookIn(endpoints.DataSources);
            var theme = new Lazy<Task<PreparedContent>>(async () => new PreparedContent(
                await ThemeStylesheet.RenderAsync(services, DashboardTheme.Instance), "text/css; charset=utf-8", "no-cache", CompressionLevel.SmallestSize));
            endpoints.MapMethods("/theme.css", Reading, async context => await (await theme.Value).WriteAsync(context)).ExcludeFromDescription();
        }
    }
}
