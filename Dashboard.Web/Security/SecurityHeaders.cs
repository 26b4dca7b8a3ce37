using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Primitives;

namespace Dashboard.Web.Security;

/// <summary>Puts the headers on every answer that make browsers refuse what this site never does.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    // Nothing but what is listed, and everything from here: no inline script or style, no plugin, no frame, no foreign host.
    // data: images are the small arrows inside style sheets. base-uri and form-action do not fall back to default-src.
    private const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // MudBlazor's components carry style attributes. Attributes only: style elements stay forbidden.
    private const string InteractivePage = Page + "; style-src-attr 'unsafe-inline'";

    // Data is never rendered: should a browser be talked into it, nothing in it comes alive.
    private const string Data = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly StringValues PagePolicy = Page;
    private static readonly StringValues InteractivePolicy = InteractivePage;
    private static readonly StringValues DataPolicy = Data;

    // A type is what we say it is: no sniffing of scripts out of text.
    private static readonly StringValues NoSniff = "nosniff";

    // Other sites learn that someone came from here, not from which page with which filter in its address.
    private static readonly StringValues Referrer = "strict-origin-when-cross-origin";

    // What the pages use: the wall mode (full screen, screen kept awake) and copy buttons. The rest of the machine is none of our business.
    private static readonly StringValues Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
        + "fullscreen=(self), screen-wake-lock=(self), clipboard-write=(self)";

    // Another window keeps no handle on ours, and other sites cannot draw our answers into theirs.
    private static readonly StringValues SameOrigin = "same-origin";

    // Only where the browser came by https: on plain http the header has no meaning.
    private static readonly StringValues Https = "max-age=31536000; includeSubDomains";

    public Task InvokeAsync(HttpContext context)
    {
        Apply(context);
        return next(context);
    }

    /// <summary>Sets the headers for the matched endpoint. Called again where an error has cleared the answer.</summary>
    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PolicyFor(context);
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = Referrer;
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = Https;
    }

    private static StringValues PolicyFor(HttpContext context)
    {
        if (IsData(context.Request.Path))
            return DataPolicy;

        return context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null ? PagePolicy : InteractivePolicy;
    }

    /// <summary>True for routes that are read by programs: their errors are problem details, never pages.</summary>
    public static bool IsData(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/events", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
        || path.Equals("/metrics", StringComparison.OrdinalIgnoreCase)
        || path.Equals("/healthz", StringComparison.OrdinalIgnoreCase)
        || path.Equals("/readyz", StringComparison.OrdinalIgnoreCase);
}
