namespace Dashboard.Web.Security;

/// <summary>
/// Refuses what another site's page sends: circuits (a WebSocket is not held back by the same-origin policy, so any page could open one with the
/// visitor's cookies) and everything that is not merely reading. Programs send no Origin and are not meant.
/// </summary>
public sealed class ForeignOrigins(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsGuarded(context.Request) || IsOwn(context.Request))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static bool IsGuarded(HttpRequest request) =>
        request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
        || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [var site] && site is "cross-site" or "same-site")
            return false;

        // A sandboxed frame or a local file says "null", which equals no origin.
        return request.Headers.Origin is [] || (request.Headers.Origin is [var origin] && IsSame(origin, request));
    }

    private static bool IsSame(string? origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && string.Equals(uri.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
        && string.Equals(uri.Authority, HostString.FromUriComponent(request.Host.ToUriComponent()).Value is { } host ? WithoutDefaultPort(host, request.Scheme) : null, StringComparison.OrdinalIgnoreCase);

    // Browsers leave the usual port out of the origin; a Host header may have it.
    private static string WithoutDefaultPort(string host, string scheme) => (scheme, host) switch
    {
        ("http", _) when host.EndsWith(":80", StringComparison.Ordinal) => host[..^3],
        ("https", _) when host.EndsWith(":443", StringComparison.Ordinal) => host[..^4],
        _ => host,
    };
}
