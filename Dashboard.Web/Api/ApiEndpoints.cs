using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Api;

/// <summary>The routes that scripts and probes use.</summary>
public static class ApiEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Scorecard").ProducesProblem(StatusCodes.Status500InternalServerError);

        api.MapMethods("/scorecard", Reading, ScorecardAsync)
            .WithName("GetScorecard")
            .WithSummary("Every KPI with its value, target, status and the proof of it")
            .WithDescription("Written once per snapshot and sent from memory: ask as often as you like. Answers If-None-Match with 304.")
            .Produces<ScorecardDocument>()
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        api.MapMethods("/sources", Reading, Sources)
            .WithName("GetSources")
            .WithSummary("The monitored systems and how they are doing")
            .Produces<SourcesDocument>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        api.MapMethods("/kpis/{id}/series", Reading, SeriesAsync)
            .WithName("GetKpiSeries")
            .WithSummary("What a KPI was over a range of time")
            .WithDescription(
                "from and to are RFC 3339 times or seconds since 1970 (default: the last 6 hours); step is a number of seconds or 30s, 5m, 1h (default: about "
                + "300 points). At most 11,000 points. Both ends are moved to whole steps. Equal requests cost the source one query.")
            .RequireRateLimiting(RequestLimits.Upstream)
            .Produces<SeriesDocument>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);

        routes.MapMethods("/healthz", Reading, () => TypedResults.Json(new HealthDocument("alive", null), ApiJson.Default.HealthDocument))
            .WithTags("Health")
            .WithName("GetHealth")
            .WithSummary("The process is alive")
            .Produces<HealthDocument>();

        routes.MapMethods("/readyz", Reading, Ready)
            .WithTags("Health")
            .WithName("GetReadiness")
            .WithSummary("The first snapshot is taken")
            .Produces<HealthDocument>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Task ScorecardAsync(HttpContext context, [FromServices] ScorecardFeed feed, [FromServices] RenderedScorecard rendered) =>
        feed.Latest.Sequence == 0 ? Problems.NoSnapshotYet(context).ExecuteAsync(context) : rendered.SendAsync(context);

    private static IResult Sources(HttpContext context, [FromServices] ScorecardFeed feed)
    {
        if (feed.Latest is not { Sequence: > 0 } latest)
            return Problems.NoSnapshotYet(context);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Json(SourcesDocument.Of(latest), ApiJson.Default.SourcesDocument);
    }

    private static IResult Ready(HttpContext context, [FromServices] ScorecardFeed feed) => feed.Latest is { Sequence: > 0 } latest
        ? TypedResults.Json(new HealthDocument("ready", latest.At), ApiJson.Default.HealthDocument)
        : Problems.NoSnapshotYet(context);

    private static async Task<IResult> SeriesAsync(
        string id,
        [FromQuery] string[] from,
        [FromQuery] string[] to,
        [FromQuery] string[] step,
        HttpContext context,
        [FromServices] KpiCatalog catalog,
        [FromServices] SeriesCache series,
        [FromServices] TimeProvider clock,
        CancellationToken cancellation)
    {
        if (catalog.Find(id) is not { } kpi)
            return Problems.UnknownKpi(id, catalog.All.Select(k => k.Id));
        if (SeriesRequest.Parse(kpi, from, to, step, clock.GetUtcNow(), out var wrong) is not { } request)
            return Problems.BadFields(wrong);

        try
        {
            var past = await series.GetAsync(kpi, request, cancellation);
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Json(
                new SeriesDocument
                {
                    Id = kpi.Id,
                    Name = kpi.Name,
                    Unit = kpi.Unit,
                    Target = new TargetDocument(kpi.Target.Sign, kpi.Target.Value, kpi.Target.Margin),
                    From = request.Range.Start,
                    To = request.Range.End,
                    StepSeconds = request.Step.TotalSeconds,
                    Points = past.IsEmpty ? [] : [.. past.Samples.Select(s => new PointDocument(s.At, s.Value))],
                },
                ApiJson.Default.SeriesDocument);
        }
        catch (SourceException failed)
        {
            return Problems.Of(failed.Failure);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Problems.TooSlow(SeriesCache.Patience);
        }
    }
}
