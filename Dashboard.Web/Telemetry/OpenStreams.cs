using Microsoft.AspNetCore.Http.Features;

namespace Dashboard.Web.Telemetry;

/// <summary>
/// Keeps answers that stay open for hours (event streams, circuits) out of the request durations, where each would count as one very slow request, and
/// counts the viewers instead.
/// </summary>
public sealed class OpenStreams(RequestDelegate next, WebMetrics metrics)
{
    public Task InvokeAsync(HttpContext context)
    {
        var isEvents = context.Request.Path.StartsWithSegments("/events", StringComparison.Ordinal);
        if (!isEvents && !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal))
            return next(context);

        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
            tags.MetricsDisabled = true;
        return isEvents && context.GetEndpoint() is not null ? CountedAsync(context) : next(context);
    }

    private async Task CountedAsync(HttpContext context)
    {
        metrics.ViewerCame();
        try
        {
            await next(context);
        }
        finally
        {
            metrics.ViewerLeft();
        }
    }
}
