using System.Globalization;
using Dashboard.Core.Sources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dashboard.Web.Api;

/// <summary>Errors of the API as RFC 9457 problem details.</summary>
public static class Problems
{
    public static ProblemHttpResult UnknownKpi(string id, IEnumerable<string> known) => TypedResults.Problem(
        title: "No such KPI.",
        detail: $"There is no KPI \"{(id.Length <= 60 ? id : id[..60] + "…")}\". The catalogue has: {string.Join(", ", known)}.",
        statusCode: StatusCodes.Status404NotFound);

    public static ValidationProblem BadFields(IDictionary<string, string[]> fields) => TypedResults.ValidationProblem(
        fields,
        title: "The query cannot be answered as it is asked.",
        detail: string.Join(" ", fields.Select(f => $"{f.Key}: {string.Join(" ", f.Value)}")));

    public static ProblemHttpResult NoSnapshotYet(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "2";
        return TypedResults.Problem(
            title: "Nothing has been measured yet.",
            detail: "The dashboard has just started and takes its first scorecard. Ask again in a moment.",
            statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>A failure of a source is not ours: 504 where it was too slow, 503 where it is given a rest, else 502.</summary>
    public static ProblemHttpResult Of(SourceFailure failure) => TypedResults.Problem(
        title: failure.Message,
        detail: failure.Hint,
        statusCode: failure.Kind switch
        {
            FailureKind.TimedOut => StatusCodes.Status504GatewayTimeout,
            FailureKind.Resting => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status502BadGateway,
        },
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["source"] = Core.Kpis.SourceKinds.ToWire(failure.Source) });

    public static ProblemHttpResult TooSlow(TimeSpan patience) => TypedResults.Problem(
        title: "The source took too long.",
        detail: string.Create(CultureInfo.InvariantCulture, $"No whole answer within {patience.TotalSeconds:0} s. Ask for a shorter range or a longer step."),
        statusCode: StatusCodes.Status504GatewayTimeout);
}
