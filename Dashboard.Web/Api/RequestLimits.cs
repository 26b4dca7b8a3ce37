using System.Threading.RateLimiting;

namespace Dashboard.Web.Api;

/// <summary>
/// Limits where a request costs somebody else something. Pages and documents from memory have none: they are cheaper than counting.
/// </summary>
public static class RequestLimits
{
    /// <summary>For routes that may ask a monitored system.</summary>
    public const string Upstream = "upstream";

    public static IServiceCollection AddRequestLimits(this IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            return ValueTask.CompletedTask;
        };

        // For everybody together: it protects the monitored systems, who do not care which viewer asks.
        limits.AddPolicy(Upstream, _ => RateLimitPartition.GetConcurrencyLimiter(
            Upstream,
            _ => new ConcurrencyLimiterOptions { PermitLimit = 8, QueueLimit = 64, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));
    });
}
