using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Dashboard.Core.Kpis;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace Dashboard.Core.Sources.Http;

/// <summary>
/// One source behind HTTP: sends a request with credentials and gives back the whole answer, or throws what is wrong in the words of <see cref="HttpFailures"/>.
/// What an answer of 4xx or 5xx means is left to the client, who knows the source's error format.
/// </summary>
internal sealed class HttpSource
{
    private readonly HttpClient _http;
    private readonly HttpSourceOptions _options;
    private readonly HttpCredentials _credentials;
    private readonly TimeProvider _clock;

    public HttpSource(SourceKind source, HttpClient http, HttpSourceOptions options, HttpCredentials credentials, TimeProvider clock)
    {
        _http = http;
        _options = options;
        _credentials = credentials;
        _clock = clock;
        Address = new Uri(options.Url).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
        _http.BaseAddress = new Uri(Address + "/");
        _http.Timeout = Timeout.InfiniteTimeSpan;
        Failures = new HttpFailures(source, Address, options, credentials);
    }

    /// <summary>The base address without credentials.</summary>
    public string Address { get; }

    public HttpFailures Failures { get; }

    /// <summary>The time for one answer, from now.</summary>
    public Deadline NewDeadline() => new(_clock, _options.Timeout);

    /// <exception cref="SourceException"/>
    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, Deadline deadline, CancellationToken cancellation)
    {
        var answer = await ExchangeAsync(request, deadline, cancellation);
        return answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? throw Failures.Unauthorized(answer) : answer;
    }

    /// <summary>The JSON of a successful answer.</summary>
    /// <exception cref="SourceException">It is none.</exception>
    public T Parse<T>(HttpAnswer answer, JsonTypeInfo<T> type, string? expected = null)
        where T : class =>
        answer.IsJson(type, out var value) ? value! : throw Failures.NotUnderstood(answer, expected);

    private async Task<HttpAnswer> ExchangeAsync(HttpRequestMessage request, Deadline deadline, CancellationToken cancellation)
    {
        var left = deadline.Left;
        if (left <= TimeSpan.Zero)
            throw Failures.TimedOut();

        using var timeIsUp = new CancellationTokenSource(left, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp.Token, cancellation);
        try
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.Authorization = _credentials.Header();
            request.Options.Set(LimitedBodyHandler.TimeIsUp, timeIsUp.Token);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if ((int)response.StatusCode is >= 300 and < 400)
                throw Failures.Redirected(response.Headers.Location);

            return new HttpAnswer(response.StatusCode, response.ReasonPhrase, response.Content.Headers.ContentType?.ToString(),
                WholeBody.Of(response.Content), response.Headers.Date);
        }
        catch (SecretFileException problem)
        {
            throw Failures.SecretMissing(problem);
        }
        catch (BrokenCircuitException problem)
        {
            throw Failures.Resting(problem);
        }
        catch (RateLimiterRejectedException problem)
        {
            throw Failures.Busy(problem);
        }
        catch (AnswerTooLargeException problem)
        {
            throw Failures.TooLarge(problem);
        }
        catch (TimeoutException problem)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failures.TimedOut(problem);
        }
        catch (OperationCanceledException problem) when (!cancellation.IsCancellationRequested)
        {
            throw Failures.TimedOut(problem);
        }
        catch (HttpRequestException problem)
        {
            throw Failures.Unreachable(problem);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw Failures.BrokenOff(problem);
        }
    }
}
