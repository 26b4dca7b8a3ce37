using System.Text.Json;
using Dashboard.Sandbox.Faults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>The interface of the reference service: the routes of the sandbox's story.</summary>
internal static partial class ReconciliationRoutes
{
    private const int PageSize = 50;
    private const int LongestComment = 1000;
    private static readonly string[] Ledgers = ["internal", "partner"];

    public static void MapReconciliation(this IEndpointRouteBuilder routes, FaultSet faults)
    {
        var api = routes.MapGroup("/api").AddEndpointFilter(async (context, next) =>
        {
            if (Random.Shared.NextDouble() < faults.IntensityOf(Fault.Errors))
                SettlementRow.Parse(SettlementRow.Damaged);
            return await next(context);
        });
        api.MapGet("/reconciliations", async (LedgerStore ledgers, CancellationToken cancellation) =>
            TypedResults.Ok(await ledgers.RunsAsync(PageSize, cancellation)));
        api.MapGet("/reconciliations/{id}", RunAsync);
        api.MapPost("/reconciliations", ReconcileAsync);
        api.MapGet("/ledgers/{ledger}/entries", async Task<IResult> (string ledger, LedgerStore ledgers, CancellationToken cancellation) =>
            Ledgers.Contains(ledger, StringComparer.Ordinal)
                ? TypedResults.Ok(await ledgers.EntriesAsync(ledger, PageSize, cancellation))
                : NotFound($"There is no ledger '{ledger}'."));
        api.MapGet("/discrepancies", async (LedgerStore ledgers, TaskStore tasks, CancellationToken cancellation) =>
            TypedResults.Ok(new DiscrepanciesAnswer(
                await ledgers.OpenDiscrepanciesAsync(PageSize, cancellation), await tasks.OpenAsync(PageSize, cancellation))));
        api.MapGet("/partners/{partner}/balance", async Task<IResult> (string partner, PartnerClient partners, CancellationToken cancellation) =>
            PartnerServer.Partners.Contains(partner, StringComparer.Ordinal)
                ? TypedResults.Ok(await partners.BalanceAsync(partner, cancellation))
                : NotFound($"There is no partner '{partner}'."));
        api.MapPost("/tasks/{id}/complete", async Task<IResult> (string id, TaskStore tasks, CancellationToken cancellation) =>
            !Id(id, out var number) ? Invalid("id", "Expected a whole number above 0.")
                : await tasks.CompleteAsync(number, cancellation) is { } task ? TypedResults.Ok(task)
                : NotFound($"There is no task {number}."));
        api.MapPost("/feedback", AddFeedbackAsync);
    }

    private static async Task<IResult> RunAsync(
        string id, LedgerStore ledgers, ReconciliationCache cache, CancellationToken cancellation)
    {
        if (!Id(id, out var number))
            return Invalid("id", "Expected a whole number above 0.");
        var key = $"reconciliation:{number}";
        if (await cache.GetAsync(key) is { } kept)
            return TypedResults.Bytes(kept, "application/json");
        if (await ledgers.RunAsync(number, cancellation) is not { } run)
            return NotFound($"There is no reconciliation {number}.");
        var answer = JsonSerializer.SerializeToUtf8Bytes(run, ReconciliationJson.Default.RunDetailAnswer);
        await cache.SetAsync(key, answer);
        return TypedResults.Bytes(answer, "application/json");
    }

    private static async Task<IResult> ReconcileAsync(
        HttpRequest request, LedgerStore ledgers, ILogger<LedgerStore> log, CancellationToken cancellation)
    {
        var (slice, unreadable) = await BodyAsync(request, ReconciliationJson.Default.RunRequest, cancellation);
        if (unreadable is not null)
            return unreadable;
        if (slice is null or { From: null, To: null })
        {
            var (latest, isNew) = await ledgers.ReconcileNewAsync(cancellation);
            if (latest is null)
                return NotFound("Nothing was ever booked, so there is nothing to reconcile.");
            if (!isNew)
                return TypedResults.Ok(latest);
            Reconciled(log, latest.Id, latest.InternalCount, latest.Matched, latest.Mismatched, latest.Missing);
            return TypedResults.Created($"/api/reconciliations/{latest.Id}", latest);
        }

        if (slice.From is not { } from)
            return Invalid("from", "Expected a time, as there is one in 'to'.");
        if (slice.To is not { } to)
            return Invalid("to", "Expected a time, as there is one in 'from'.");
        if (from >= to)
            return Invalid("to", "Expected a time after 'from'.");
        if (to - from > TimeSpan.FromDays(31))
            return Invalid("to", "Expected at most 31 days after 'from'.");
        var run = await ledgers.ReconcileAsync(from, to, cancellation);
        Reconciled(log, run.Id, run.InternalCount, run.Matched, run.Mismatched, run.Missing);
        return TypedResults.Created($"/api/reconciliations/{run.Id}", run);
    }

    private static async Task<IResult> AddFeedbackAsync(HttpRequest request, TaskStore tasks, CancellationToken cancellation)
    {
        var (feedback, unreadable) = await BodyAsync(request, ReconciliationJson.Default.FeedbackRequest, cancellation);
        if (unreadable is not null)
            return unreadable;
        if (feedback?.Score is not { } score || score is < 1 or > 5)
            return Invalid("score", "Expected a whole number from 1 to 5.");
        if (feedback.Comment?.Length > LongestComment)
            return Invalid("comment", $"Expected at most {LongestComment} characters.");
        return TypedResults.Created((string?)null, new FeedbackAnswer(await tasks.AddFeedbackAsync(score, feedback.Comment, cancellation)));
    }

    /// <summary>The request's JSON, null where there is none; or the answer to one that can't be read, which names the field.</summary>
    private static async Task<(T? Value, IResult? Unreadable)> BodyAsync<T>(
        HttpRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
            return (null, null);
        try
        {
            return (await JsonSerializer.DeserializeAsync(request.Body, type, cancellation), null);
        }
        catch (JsonException unreadable)
        {
            var field = unreadable.Path is { Length: > 2 } path ? path[2..] : "$";
            return (null, Invalid(field, "This could not be read as JSON of the expected kind."));
        }
    }

    private static bool Id(string text, out long id) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out id) && id > 0;

    private static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: 404, title: "Not found");

    private static ValidationProblem Invalid(string field, string expected) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [expected] });

    [LoggerMessage(LogLevel.Information, "Run {Id} compared {Count} bookings: {Matched} matched, {Mismatched} mismatched, {Missing} missing.")]
    private static partial void Reconciled(ILogger log, long id, int count, int matched, int mismatched, int missing);
}
