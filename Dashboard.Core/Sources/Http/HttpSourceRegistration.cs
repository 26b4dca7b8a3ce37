using System.Net;
using Dashboard.Core.Kpis;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Dashboard.Core.Sources.Http;

/// <summary>
/// The HTTP client of one source. From the outside in: a limit on requests under way; up to two retries of what is likely to pass (never of a timeout: that would
/// only add to the load that caused it); a circuit breaker; the reading of the body; the connection pool. The time limit stands outside all of them, in
/// <see cref="HttpSource"/>. All that is ever sent is a read, so each request may be repeated.
/// </summary>
internal static class HttpSourceRegistration
{
    private const int WaitingAtMost = 256;

    public static void AddHttpSource(this IServiceCollection services, SourceKind source, HttpSourceOptions options)
    {
        var client = services.AddHttpClient(NameOf(source))
            .RemoveAllLoggers()
            .UseSocketsHttpHandler((handler, _) =>
            {
                // The client lives as long as the process; its connections do not, so that a name that moves is followed.
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.MaxConnectionsPerServer = options.MaxConcurrency;
                handler.AutomaticDecompression = DecompressionMethods.All;
                // A redirect could carry credentials to another host. None is followed.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

        client.AddResilienceHandler("source", (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline
                .AddConcurrencyLimiter(options.MaxConcurrency, WaitingAtMost)
                .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = 2,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromMilliseconds(100),
                    UseJitter = true,
                    ShouldHandle = attempt => ValueTask.FromResult(MayPass(attempt.Outcome)),
                })
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
                {
                    FailureRatio = 0.8,
                    MinimumThroughput = 6,
                    SamplingDuration = TimeSpan.FromSeconds(30),
                    BreakDuration = options.Rest,
                    ShouldHandle = attempt => ValueTask.FromResult(IsAilment(attempt.Outcome)),
                });
        });
        client.AddHttpMessageHandler(() => new LimitedBodyHandler(options.MaxResponseMegabytes * 1024 * 1024));
    }

    public static HttpSource HttpSourceFor(this IServiceProvider provider, SourceKind source, HttpSourceOptions options, HttpCredentials credentials) =>
        new(source, provider.GetRequiredService<IHttpClientFactory>().CreateClient(NameOf(source)), options, credentials, provider.GetRequiredService<TimeProvider>());

    private static string NameOf(SourceKind source) => $"Sources:{source}";

    /// <summary>Likely to be over in a moment: a connection that failed or broke, a gateway whose backend is being replaced.</summary>
    private static bool MayPass(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } } => false,
        { Exception: HttpRequestException or IOException } => true,
        { Result.StatusCode: HttpStatusCode.BadGateway } => true,
        // Prometheus says 503 of a query that took too long as well: to ask that again would double the load.
        { Result: { StatusCode: HttpStatusCode.ServiceUnavailable } answer } => WholeBody.Of(answer.Content).Span.IndexOf("\"timeout\""u8) < 0,
        _ => false,
    };

    /// <summary>What says that the source itself is ill, not that one query is wrong.</summary>
    private static bool IsAilment(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or IOException or TimeoutException } => true,
        { Result: { } answer } => (int)answer.StatusCode is >= 500 or 429,
        _ => false,
    };
}
