using Dashboard.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Dashboard.Web.ErrorPages;

/// <summary>Gives every answer that would be an empty error a body that its reader can use: problem details to programs, a page to people.</summary>
public static class ErrorAnswers
{
    public static void UseErrorAnswers(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context =>
            {
                // The failed answer was cleared, its headers too.
                SecurityHeaders.Apply(context);
                return AnswerAsync(context);
            },
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = c => c.Exception is BadHttpRequestException or OperationCanceledException,
        });
        app.UseStatusCodePages(context => AnswerAsync(context.HttpContext));
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (WantsPage(context.Request))
        {
            await new RazorComponentResult<ErrorPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ErrorPage.Status)] = context.Response.StatusCode,
                [nameof(ErrorPage.RequestId)] = context.TraceIdentifier,
            })
            {
                StatusCode = context.Response.StatusCode,
            }.ExecuteAsync(context);
            return;
        }

        var status = context.Response.StatusCode;
        await TypedResults.Problem(title: Title(status), detail: Detail(status), statusCode: status, instance: context.Request.Path).ExecuteAsync(context);
    }

    /// <summary>True where a person asks for a page.</summary>
    private static bool WantsPage(HttpRequest request) =>
        !SecurityHeaders.IsData(request.Path)
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static string Title(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";

    private static string? Detail(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request could not be read.",
        StatusCodes.Status403Forbidden => "Requests that come from another site's page are refused.",
        StatusCodes.Status404NotFound => "There is nothing at this address. /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address is only read: use GET.",
        StatusCodes.Status429TooManyRequests => "Too many questions to the monitored systems at once. Ask again in a moment.",
        StatusCodes.Status500InternalServerError => "The dashboard failed. Its log has the reason.",
        _ => null,
    };
}
