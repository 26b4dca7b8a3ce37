using Dashboard.Core.Collection;
using Dashboard.Web.Shell;

namespace Dashboard.Web.Scorecards;

/// <summary>Maps the scorecard.</summary>
public static class ScorecardEndpoints
{
    extension(IEndpointRouteBuilder endpoints)
    {
        /// <summary>Maps <c>/</c>, <c>/kpis/{id}</c>, <c>/events/scorecard</c> and <c>/theme.css</c>.</summary>
        public void MapScorecards()
        {
            endpoints.MapShell();
            var document = endpoints.ServiceProvider.GetRequiredService<ScorecardDocument>();
            var stream = endpoints.ServiceProvider.GetRequiredService<ScorecardStream>();
            var feed = endpoints.ServiceProvider.GetRequiredService<ScorecardFeed>();

            endpoints.MapMethods("/", ShellEndpoints.Reading, document.WriteAsync).ExcludeFromDescription();
            endpoints.MapGet("/events/scorecard", stream.WriteAsync).ExcludeFromDescription();
            endpoints.MapMethods("/kpis/{id}", ShellEndpoints.Reading, async context =>
            {
                var id = context.Request.RouteValues["id"] as string ?? "";
                if (!await document.WriteDetailsAsync(context, id, feed.Latest))
                    context.Response.StatusCode = StatusCodes.Status404NotFound; // answered with the application's page for it
            }).ExcludeFromDescription();
        }
    }
}
