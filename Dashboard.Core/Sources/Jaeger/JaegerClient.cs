using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>
/// Jaeger's query interface. Which generation a server speaks is found out by asking (its version it does not tell), remembered, and found out anew after a
/// failure, since an update may have changed it. An unknown path may be answered with the user interface's page and status 200, and an error in JSON may call
/// itself text, so only what can be parsed counts.
/// </summary>
internal sealed class JaegerClient(HttpSource http, JaegerOptions options, SourceLog log) : ITraceSource, ISourceProbe
{
    private readonly ConcurrentDictionary<string, ulong> _lastSlowest = new(StringComparer.Ordinal);
    private volatile JaegerInterface? _interface;

    public SourceKind Source => SourceKind.Jaeger;

    public string Address => http.Address;

    public Task<SourceAnswer<SlowestSpan?>> SlowestAsync(string service, TimeRange range, CancellationToken cancellation) =>
        log.WatchAsync($"slowest of {service}", async () =>
        {
            var deadline = http.NewDeadline();
            var known = _interface;
            try
            {
                return await SlowestAsync(known ?? (await FindInterfaceAsync(deadline, cancellation)).Found, service, range, deadline, cancellation);
            }
            catch (SourceException problem) when (known is not null && problem.Failure.Kind is FailureKind.NotUnderstood or FailureKind.Refused)
            {
                return await SlowestAsync((await FindInterfaceAsync(deadline, cancellation)).Found, service, range, deadline, cancellation);
            }
            catch (SourceException)
            {
                _interface = null;
                throw;
            }
        });

    public Task<SourceAnswer<SourceIdentity>> ProbeAsync(CancellationToken cancellation) => log.WatchAsync("probe", async () =>
    {
        var deadline = http.NewDeadline();
        var (found, serverTime) = await FindInterfaceAsync(deadline, cancellation);
        return new SourceAnswer<SourceIdentity>(new SourceIdentity(null, found.InWords, []), deadline.Elapsed, [], serverTime);
    });

    /// <summary>What a status that is no success means. A 4xx with no reason in it comes from a path that is not there.</summary>
    public static SourceException Failure(HttpSource http, HttpAnswer answer, string? reason) => (int)answer.Status switch
    {
        429 => http.Failures.TooManyRequests(reason),
        >= 500 => http.Failures.Failed(answer, reason),
        _ => reason is null ? http.Failures.NotUnderstood(answer) : http.Failures.Refused(reason, "Check that the service's name is right."),
    };

    private async Task<SourceAnswer<SlowestSpan?>> SlowestAsync(
        JaegerInterface spoken, string service, TimeRange range, Deadline deadline, CancellationToken cancellation)
    {
        var search = new SlowestSearch(service, range, _lastSlowest.GetValueOrDefault(service));
        var warnings = ImmutableArray.CreateBuilder<string>();
        DateTimeOffset? serverTime = null;
        while (search.Next is { } question)
        {
            try
            {
                var answer = await GetAsync(spoken.Search(service, question), deadline, cancellation);
                serverTime = answer.ServerTime ?? serverTime;
                var found = spoken.Read(http, answer);
                warnings.AddRange(found.Warnings.Except(warnings, StringComparer.Ordinal));
                search.Take(found);
            }
            catch (SourceException problem) when (problem.Failure.Kind is FailureKind.TooLarge && search.TakeLess())
            {
                // Asked again for fewer traces.
            }
        }

        if (!search.IsComplete)
            warnings.Add($"Jaeger's search was cut off at {search.LastLimit} traces: there may be slower requests.");
        if (search.Incredible is { } incredible)
            warnings.Add($"A span that claims to last longer than 30 days was left out (trace {OutsideText.Clean(incredible.TraceId, 40)}).");
        if (search.Best is { } best)
            _lastSlowest[service] = best.Duration;
        return new SourceAnswer<SlowestSpan?>(SpanOf(spoken, service, search), deadline.Elapsed, warnings.ToImmutable(), serverTime);
    }

    private static SlowestSpan? SpanOf(JaegerInterface spoken, string service, SlowestSearch search) => search is { Best: { } best, BestQuestion: { } question }
        ? new SlowestSpan(
            OutsideText.Clean(best.TraceId, 64).ToLowerInvariant(),
            OutsideText.Clean(best.Operation, 200),
            TimeSpan.FromMicroseconds(best.Duration),
            DateTimeOffset.UnixEpoch.AddTicks((long)best.Start * TimeSpan.TicksPerMicrosecond),
            search.Sampled,
            "/" + spoken.Search(service, question))
        : null;

    private async Task<(JaegerInterface Found, DateTimeOffset? ServerTime)> FindInterfaceAsync(Deadline deadline, CancellationToken cancellation)
    {
        _interface = null;
        var services = await GetAsync("api/services", deadline, cancellation);
        var hasLegacy = services.IsSuccess && services.IsJson(JaegerJson.Default.LegacyAnswerNullableJsonElement, out var legacy) && legacy!.Data?.ValueKind is JsonValueKind.Array or JsonValueKind.Null;
        if (!hasLegacy)
        {
            if ((int)services.Status >= 500 || (int)services.Status == 429)
                throw Failure(http, services, null);
            services = await GetAsync("api/v3/services", deadline, cancellation);
            if (!services.IsSuccess)
                throw Failure(http, services, null);
            if (!services.IsJson(JaegerJson.Default.V3Services, out var v3) || (v3!.Services is null && !services.Body.Span.SequenceEqual("{}"u8)))
                throw http.Failures.NotUnderstood(services);
        }

        // Without its parameters this is refused in JSON where it exists.
        var summaries = await GetAsync("api/v3/trace-summaries", deadline, cancellation);
        var hasSummaries = summaries.Status is HttpStatusCode.BadRequest;
        JaegerInterface found = (hasLegacy, hasSummaries) switch
        {
            (true, false) => new JaegerInterface.Legacy("legacy search (Jaeger 1, or 2 up to 2.18)"),
            (true, true) => new JaegerInterface.Legacy("legacy search (Jaeger 2.19 or 2.20)"),
            (false, true) => new JaegerInterface.V3("v3 search (Jaeger 2.21 or later)"),
            (false, false) => new JaegerInterface.V3("v3 search"),
        };
        _interface = found;
        return (found, services.ServerTime);
    }

    private Task<HttpAnswer> GetAsync(string target, Deadline deadline, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (options.Tenant is { Length: > 0 } tenant)
            request.Headers.Add("x-tenant", tenant);
        return http.SendAsync(request, deadline, cancellation);
    }
}
