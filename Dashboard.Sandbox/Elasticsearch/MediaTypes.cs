using System.Text.RegularExpressions;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// What each engine thinks of media types: plain JSON is welcome everywhere; Elasticsearch's own type only in versions next to the server's; OpenSearch does
/// not know it.
/// </summary>
internal static partial class MediaTypes
{
    [GeneratedRegex(@"^application/vnd\.elasticsearch\+(json|x-ndjson)\s*;\s*compatible-with=(?<version>\d{1,4})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Vendor { get; }

    /// <summary>Null where the request may go on; else the status and the error, which is a bare string with 406.</summary>
    public static (int Status, string Reason)? Refusal(HttpContext context, ElasticsearchEngine engine)
    {
        var type = context.Request.ContentType;
        if (type is null && context.Request.ContentLength is > 0)
            return (406, "Content-Type header [] is not supported");
        return Refusal("Content-Type", type, engine) ?? Refusal("Accept", context.Request.Headers.Accept.ToString(), engine);
    }

    /// <summary>The type of the answer: that of Elasticsearch where it was asked for.</summary>
    public static string Answer(HttpContext context, ElasticsearchEngine engine)
    {
        var accept = context.Request.Headers.Accept.ToString();
        return !engine.IsOpenSearch() && Vendor.IsMatch(accept) ? accept
            : engine is ElasticsearchEngine.Elasticsearch7 || engine.IsOpenSearch() ? "application/json; charset=UTF-8"
            : "application/json";
    }

    private static (int Status, string Reason)? Refusal(string header, string? type, ElasticsearchEngine engine)
    {
        if (string.IsNullOrEmpty(type))
            return null;
        var plain = type.Split(';')[0].Trim().ToLowerInvariant();
        if (Vendor.Match(type) is { Success: true } vendor)
        {
            if (engine.IsOpenSearch())
                return (406, $"{header} header [{type}] is not supported");
            var (asked, own) = (int.Parse(vendor.Groups["version"].ValueSpan), int.Parse(engine.Version().Split('.')[0]));
            return asked == own || (asked == own - 1 && own > 7) ? null
                : (400, $"A compatible version is required on both Content-Type and Accept headers if either one has requested a compatible version. {header} version must be either version {own - 1} or {own}, but found {asked}. {header}={type}");
        }

        return plain is "application/json" or "application/x-ndjson" || (header is "Accept" && (plain is "*/*" or "text/plain" || type.Contains("application/json", StringComparison.Ordinal) || type.Contains("*/*", StringComparison.Ordinal)))
            ? null
            : (406, $"{header} header [{type}] is not supported");
    }
}
