namespace Dashboard.Sandbox.Control;

/// <summary>
/// Keeps other sites out. The page listens on loopback, but a browser on this machine would also carry a foreign page's request here:
/// so the host must be a loopback name (else a foreign name could be pointed here) and a change must come from this page or no page.
/// </summary>
internal static class LoopbackOnly
{
    private static readonly string[] Hosts = ["127.0.0.1", "localhost", "[::1]"];

    public static void UseLoopbackOnly(this WebApplication app) => app.Use(async (context, next) =>
    {
        var refusal = Refusal(context.Request);
        if (refusal is null)
            await next(context);
        else
            await TypedResults.Problem(refusal, statusCode: StatusCodes.Status403Forbidden, title: "Refused").ExecuteAsync(context);
    });

    /// <summary>Why the request is refused; null when it is not.</summary>
    public static string? Refusal(HttpRequest request)
    {
        if (!Hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return "This page answers to loopback names only.";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return null;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return "Another site may not change the sandbox.";
        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? null
            : "Another site may not change the sandbox.";
    }
}
