using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>
/// Tells of each request once, in metrics, span and logs alike: who sent it, how it ended and why. Turns what the code throws into a
/// problem answer. Probes and scrapes are no traffic and pass unseen.
/// </summary>
internal sealed partial class RequestRecorder(
    RequestDelegate next, ReconciliationMetrics metrics, LogSender logs, TimeProvider clock, ILogger<RequestRecorder> log)
{
    public const string UserHeader = "X-User-Id";
    public const string UserCookie = "user";
    private const int LongestUser = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null)
        {
            await next(context);
            return;
        }

        var user = User(context.Request);
        if (user is not null)
            metrics.Saw(user);
        var started = clock.GetTimestamp();
        Exception? failure = null;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException bad)
        {
            await AnswerAsync(context, bad.StatusCode, "Bad request", bad.Message);
        }
        catch (TimeoutException timeout)
        {
            failure = timeout;
            PartnerTimedOut(timeout);
            await AnswerAsync(context, StatusCodes.Status504GatewayTimeout, "Timed out", timeout.Message);
        }
        catch (Exception exception)
        {
            failure = exception;
            RequestFailed(exception, context.Request.Method, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "Internal error", "The request could not be answered.");
        }

        var error = failure is TimeoutException ? "timeout" : failure?.GetType().FullName;
        if (failure is not null)
            Mark(context, error!, failure);
        logs.Send(EcsDocument.Access(clock.GetUtcNow(), new AnsweredRequest(
            context.Request.Method,
            context.Request.Path,
            (endpoint as RouteEndpoint)?.RoutePattern.RawText,
            context.Response.StatusCode,
            clock.GetElapsedTime(started),
            user,
            error,
            failure?.Message)));
    }

    private static string? User(HttpRequest request)
    {
        var user = request.Headers[UserHeader].FirstOrDefault() ?? request.Cookies[UserCookie];
        return user is { Length: > 0 and <= LongestUser } ? user : null;
    }

    private static void Mark(HttpContext context, string error, Exception failure)
    {
        context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new KeyValuePair<string, object?>("error.type", error));
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
        {
            activity.SetTag("error.type", error);
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
            activity.AddException(failure);
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string title, string detail)
    {
        if (context.Response.HasStarted)
            return Task.CompletedTask;
        context.Response.Clear();
        return TypedResults.Problem(detail, statusCode: status, title: title).ExecuteAsync(context);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private partial void RequestFailed(Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Error, "A partner did not answer in time.")]
    private partial void PartnerTimedOut(TimeoutException exception);
}
