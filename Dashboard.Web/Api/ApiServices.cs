using Microsoft.OpenApi;

namespace Dashboard.Web.Api;

/// <summary>What the API needs.</summary>
public static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddSingleton<RenderedScorecard>();
        services.AddSingleton<SeriesCache>();
        services.AddRequestLimits();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = problem =>
        {
            problem.ProblemDetails.Instance ??= problem.HttpContext.Request.Path;
        });
        services.AddOpenApi("v1", document => document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info = new OpenApiInfo
            {
                Title = "Reconciliation Ops",
                Version = "v1",
                Description = "Each documented KPI held against its target, with the proof. Times are UTC, errors are RFC 9457 problem details. Fields may be added; none is taken away.",
            };

            // Relative: the address by which the document was fetched is right, also behind a proxy.
            api.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        }));
        return services;
    }
}
