using System.Globalization;
using System.Text.Json;
using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Documents of past requests in the Elastic Common Schema, with the fields that the live service gives its own.</summary>
internal static class PastLogDocument
{
    public static string Index(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"logs-reconciliation-{at.UtcDateTime:yyyy.MM.dd}");

    /// <summary>That the request was answered, written when it was.</summary>
    public static byte[] Access(PastRequest request) => Write(
        request,
        request.Status >= 500 ? "error" : request.Status >= 400 ? "warn" : "info",
        string.Create(CultureInfo.InvariantCulture, $"{request.Route.Method} {request.Path} answered {request.Status} in {request.Duration.TotalMilliseconds:0.0} ms"),
        "access",
        json =>
        {
            json.WriteString("http.request.method", request.Route.Method);
            json.WriteNumber("http.response.status_code", request.Status);
            json.WriteString("url.path", request.Path);
            json.WriteString("http.route", request.Route.Route);
            json.WriteString("user.id", string.Create(CultureInfo.InvariantCulture, $"user-{request.User}"));
            json.WriteNumber("event.duration", (long)request.Duration.TotalNanoseconds);
            json.WriteString("event.outcome", request.Status >= 500 ? "failure" : "success");
            if (request.ErrorType is { } type)
                json.WriteString("error.type", type);
            if (request.ErrorMessage is { } message)
                json.WriteString("error.message", message);
        });

    /// <summary>What the service's code wrote of a request that failed or was slow.</summary>
    public static byte[] Application(PastRequest request) => Write(request, request.ErrorType is null ? "warn" : "error", Said(request), "application", json =>
    {
        json.WriteString("log.logger", request.TimedOut ? "Dashboard.Sandbox.Reconciliation.PartnerClient" : "Dashboard.Sandbox.Reconciliation.LedgerStore");
        if (request.ErrorType is not { } type)
            return;
        json.WriteString("error.type", type);
        json.WriteString("error.message", request.ErrorMessage);
        json.WriteString("error.stack_trace", request.TimedOut
            ? $"System.TimeoutException: {request.ErrorMessage}\n   at Dashboard.Sandbox.Reconciliation.PartnerClient.GetBalanceAsync(String partner, CancellationToken cancellation)\n   at Dashboard.Sandbox.Reconciliation.ReconciliationRoutes.BalanceAsync(HttpContext context)"
            : $"{type}: {request.ErrorMessage}\n   at Npgsql.NpgsqlCommand.ExecuteReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)\n   at Dashboard.Sandbox.Reconciliation.LedgerStore.ReadAsync(CancellationToken cancellation)");
    });

    private static string Said(PastRequest request) => request switch
    {
        { TimedOut: true } => request.ErrorMessage!,
        { ErrorType: not null } => $"{request.Route.Method} {request.Route.Route} failed: {request.ErrorMessage}",
        _ => string.Create(CultureInfo.InvariantCulture, $"Slow statement over ledger_entries: {request.DatabaseTime.TotalMilliseconds:0} ms in {request.Route.Method} {request.Route.Route}"),
    };

    private static byte[] Write(PastRequest request, string level, string message, string dataset, Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream(640);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", (request.At + request.Duration).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("message", message);
            json.WriteString("log.level", level);
            json.WriteString("ecs.version", "8.11.0");
            json.WriteString("service.name", SandboxStory.Service);
            json.WriteString("service.version", request.Version);
            json.WriteString("event.dataset", dataset);
            json.WriteString("trace.id", request.TraceIdHex);
            json.WriteString("span.id", request.SpanIdHex);
            fields(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
