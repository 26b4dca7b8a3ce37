using System.IO.Compression;

namespace Dashboard.Web.Shell;

/// <summary>The static pages for what went wrong, rendered when first needed.</summary>
public sealed class StaticMessages(StaticRenderer renderer)
{
    private readonly Lazy<Task<PreparedContent>> _notFound = new(() => RenderAsync(
        renderer, "There is nothing at this address", "The link may be old, or the address mistyped. Nothing is wrong with the dashboard itself."));

    private readonly Lazy<Task<PreparedContent>> _error = new(() => RenderAsync(
        renderer, "This page could not be made", "The dashboard failed while it put the page together. The scorecard is not affected; its log says what happened."));

    /// <summary>Answers with status 404.</summary>
    public Task WriteNotFoundAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status404NotFound, _notFound.Value);

    /// <summary>Answers with status 500.</summary>
    public Task WriteErrorAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status500InternalServerError, _error.Value);

    private static async Task WriteAsync(HttpContext context, int status, Task<PreparedContent> page)
    {
        context.Response.StatusCode = status;
        await (await page).WriteAsync(context);
    }

    private static async Task<PreparedContent> RenderAsync(StaticRenderer renderer, string title, string text) => new(
        await renderer.DocumentAsync<StaticMessagePage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(StaticMessagePage.Title)] = title,
            [nameof(StaticMessagePage.Text)] = text,
        }),
        "text/html; charset=utf-8", "no-store", CompressionLevel.SmallestSize);
}
