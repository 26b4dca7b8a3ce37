using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>Log documents in the Elastic Common Schema.</summary>
internal static class EcsDocument
{
    private const string Index = "logs-reconciliation-";

    /// <summary>The line before a document in a bulk request: which index it belongs to.</summary>
    public static byte[] CreateLine(DateTimeOffset at) => Encoding.UTF8.GetBytes(
        $$$"""{"create":{"_index":"{{{Index}}}{{{at.UtcDateTime.ToString("yyyy.MM.dd", CultureInfo.InvariantCulture)}}}"}}""" + "\n");

    /// <summary>A request that was answered.</summary>
    public static byte[] Access(DateTimeOffset at, AnsweredRequest request)
    {
        var level = request.Status >= 500 ? "error" : request.Status >= 400 ? "warn" : "info";
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Method} {request.Path} answered {request.Status} in {request.Duration.TotalMilliseconds:0.0} ms");
        return Write(at, level, message, "access", writer =>
        {
            writer.WriteString("http.request.method", request.Method);
            writer.WriteNumber("http.response.status_code", request.Status);
            writer.WriteString("url.path", request.Path);
            if (request.Route is { } route)
                writer.WriteString("http.route", route);
            if (request.User is { } user)
                writer.WriteString("user.id", user);
            writer.WriteNumber("event.duration", (long)request.Duration.TotalNanoseconds);
            writer.WriteString("event.outcome", request.Status >= 500 ? "failure" : "success");
            if (request.ErrorType is { } error)
                writer.WriteString("error.type", error);
            if (request.ErrorMessage is { } reason)
                writer.WriteString("error.message", reason);
        });
    }

    /// <summary>A line that the service's code wrote.</summary>
    public static byte[] Application(DateTimeOffset at, LogLevel level, string logger, string message, Exception? exception) =>
        Write(at, Name(level), message, "application", writer =>
        {
            writer.WriteString("log.logger", logger);
            if (exception is null)
                return;
            writer.WriteString("error.type", exception is TimeoutException ? "timeout" : exception.GetType().FullName);
            writer.WriteString("error.message", exception.Message);
            writer.WriteString("error.stack_trace", exception.ToString());
        });

    private static byte[] Write(DateTimeOffset at, string level, string message, string dataset, Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("@timestamp", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("message", message);
            writer.WriteString("log.level", level);
            writer.WriteString("ecs.version", "8.11.0");
            writer.WriteString("service.name", SandboxStory.Service);
            writer.WriteString("service.version", SandboxStory.GoodVersion);
            writer.WriteString("event.dataset", dataset);
            if (Activity.Current is { } activity)
            {
                writer.WriteString("trace.id", activity.TraceId.ToHexString());
                writer.WriteString("span.id", activity.SpanId.ToHexString());
            }

            fields(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
