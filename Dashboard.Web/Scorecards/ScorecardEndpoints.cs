using Dashboard.Web.Shell;

namespace Dashboard.Web.Scorecards;

/// <summary>Maps the scorecard.</summary>
public static class ScorecardEndpoints
{
    extension(IEndpointRouteBuilder endpoints)
    {
        /// <summary>Maps <c>/</c>, <c>/kpis/{id}</c>, <c>/events/scorecard</c> and <c>/theme.css</c>.</summary>
        public void MapScorecards() => endpoints.MapShell();
    }
}
