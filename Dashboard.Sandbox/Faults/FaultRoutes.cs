using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dashboard.Sandbox.Faults;

/// <summary>Faults over HTTP: <c>GET</c> shows, <c>POST</c> switches, <c>DELETE</c> clears them.</summary>
internal static class FaultRoutes
{
    public const string Path = "/sandbox/faults";

    public static void MapFaults(this IEndpointRouteBuilder routes, FaultSet faults)
    {
        var group = routes.MapGroup(Path).DisableHttpMetrics();
        group.MapGet("", () => Answer(faults));
        group.MapDelete("", () =>
        {
            faults.Clear();
            return Answer(faults);
        });
        group.MapPost("", async (HttpRequest request, CancellationToken cancellation) =>
            await ReadAsync(request, cancellation) switch
            {
                ({ } refused, _) => refused,
                (_, var changes) => Apply(faults, changes),
            });
    }

    /// <summary>The changes that a request asks for, or the answer that refuses it and names the fields.</summary>
    public static async Task<(IResult? Refused, IReadOnlyList<FaultChange> Changes)> ReadAsync(
        HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, cancellation);
            var changes = FaultChange.Read(document.RootElement, out var problems);
            return (problems.Count > 0 ? TypedResults.ValidationProblem(problems) : null, changes);
        }
        catch (JsonException)
        {
            return (TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["$"] = ["Expected JSON."] }), []);
        }
    }

    private static JsonHttpResult<FaultsAnswer> Apply(FaultSet faults, IReadOnlyList<FaultChange> changes)
    {
        faults.Apply(changes);
        return Answer(faults);
    }

    private static JsonHttpResult<FaultsAnswer> Answer(FaultSet faults) => TypedResults.Json(FaultsAnswer.Of(faults), FaultJson.Default.FaultsAnswer);
}
