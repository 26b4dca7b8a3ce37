using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Prometheus;

/// <summary>
/// The query API of Prometheus, as Thanos, Mimir and VictoriaMetrics speak it too. Queries go as forms, so that their length does not matter; a partial answer is
/// forbidden where the server can be told so (Thanos), and passed on with its warnings where it cannot.
/// </summary>
internal sealed class PrometheusClient(HttpSource http, PrometheusOptions options, SourceLog log) : IMetricSource, ISourceProbe
{
    public SourceKind Source => SourceKind.Prometheus;

    public string Address => http.Address;

    public Task<SourceAnswer<ImmutableArray<MetricSample>>> QueryAsync(string expression, DateTimeOffset? at, CancellationToken cancellation) =>
        log.WatchAsync(expression, async () =>
        {
            var deadline = http.NewDeadline();
            var reply = await AskAsync(Post("api/v1/query", deadline, [("query", expression), .. at is { } moment ? [("time", Moment(moment))] : Nothing]), deadline, cancellation);
            var result = Read(reply, PrometheusJson.Default.PrometheusResult);
            return reply.Answered(result.ResultType switch
            {
                "vector" => Vector(reply, Elements(reply, result)),
                "scalar" => [SampleOf(null, Read(reply, result.Result, PrometheusJson.Default.NullablePrometheusPoint))],
                "matrix" => throw http.Failures.Refused("the expression gives a range of values where one moment's are expected",
                    "Put a function such as rate() or last_over_time() around the range selector."),
                "string" => throw http.Failures.Refused("the expression gives a text where numbers are expected"),
                _ => throw http.Failures.NotUnderstood(reply.Answer),
            });
        });

    public Task<SourceAnswer<ImmutableArray<MetricSeries>>> QueryRangeAsync(string expression, TimeRange range, TimeSpan step, CancellationToken cancellation)
    {
        var plan = RangePlan.Of(range, step);
        return log.WatchAsync(expression, async () =>
        {
            var deadline = http.NewDeadline();
            var series = new SeriesJoin();
            var warnings = ImmutableArray.CreateBuilder<string>();
            DateTimeOffset? serverTime = null;
            foreach (var (first, last) in plan.Parts)
            {
                var reply = await AskAsync(Post("api/v1/query_range", deadline,
                    [("query", expression), ("start", Moment(first)), ("end", Moment(last)), ("step", Number(plan.Step.TotalSeconds))]), deadline, cancellation);
                var result = Read(reply, PrometheusJson.Default.PrometheusResult);
                if (result.ResultType is not "matrix")
                    throw http.Failures.NotUnderstood(reply.Answer);
                foreach (var element in Elements(reply, result))
                {
                    series.Add(Labels(element), element.Values ?? []);
                    if (element.Histograms is not null)
                        reply.Warnings.Add(NativeHistogram);
                }

                warnings.AddRange(reply.Warnings.Except(warnings, StringComparer.Ordinal));
                serverTime = reply.Answer.ServerTime ?? serverTime;
            }

            return new SourceAnswer<ImmutableArray<MetricSeries>>(series.ToSeries(), deadline.Elapsed, warnings.ToImmutable(), serverTime);
        });
    }

    /// <remarks>Prometheus answers by whole blocks of two hours and more: a name that vanished less than that before the range may still be among them.</remarks>
    public Task<SourceAnswer<ImmutableArray<string>>> MetricNamesAsync(TimeRange range, CancellationToken cancellation) =>
        log.WatchAsync("metric names", async () =>
        {
            var deadline = http.NewDeadline();
            var reply = await AskAsync(Get($"api/v1/label/__name__/values?start={Moment(range.Start)}&end={Moment(range.End)}&partial_response=false"), deadline, cancellation);
            return reply.Answered(Wire.Each(Read(reply, PrometheusJson.Default.StringArray)).ToImmutableArray());
        });

    public Task<SourceAnswer<SourceIdentity>> ProbeAsync(CancellationToken cancellation) => log.WatchAsync("probe", async () =>
    {
        var deadline = http.NewDeadline();
        var answer = await http.SendAsync(Get("api/v1/status/buildinfo"), deadline, cancellation);
        if (answer.IsSuccess && answer.IsJson(PrometheusJson.Default.PrometheusEnvelope, out var envelope) && envelope is { Status: "success", Data.ValueKind: JsonValueKind.Object })
        {
            var build = Read(new Reply(answer, envelope, deadline), PrometheusJson.Default.PrometheusBuildInfo);
            return new SourceAnswer<SourceIdentity>(new SourceIdentity(build.Version, null, []), deadline.Elapsed, [], answer.ServerTime);
        }

        // Not all that speak the query API tell what they are: that they answer a query is what counts.
        var reply = await AskAsync(Post("api/v1/query", deadline, [("query", "1")]), deadline, cancellation);
        Read(reply, PrometheusJson.Default.PrometheusResult);
        return reply.Answered(new SourceIdentity(null, null, []));
    });

    private const string NativeHistogram =
        "A native histogram has no single value and was left out: the query needs a function such as histogram_quantile().";

    private static IEnumerable<(string, string)> Nothing => [];

    private async Task<Reply> AskAsync(HttpRequestMessage request, Deadline deadline, CancellationToken cancellation)
    {
        var answer = await http.SendAsync(request, deadline, cancellation);
        var understood = answer.IsJson(PrometheusJson.Default.PrometheusEnvelope, out var envelope);
        if (answer.IsSuccess && understood && envelope!.Status is "success")
            return new Reply(answer, envelope, deadline);
        throw (int)answer.Status is 429 ? http.Failures.TooManyRequests(envelope?.Error)
            : understood && envelope!.Error is { Length: > 0 } error ? Failure(answer, envelope.ErrorType, error)
            : (int)answer.Status >= 500 ? http.Failures.Failed(answer, null)
            : http.Failures.NotUnderstood(answer);
    }

    private SourceException Failure(HttpAnswer answer, string? type, string error) => type switch
    {
        "timeout" => http.Failures.TimedOut($"Prometheus gave a query up that took too long: {OutsideText.Clean(error, 160)}."),
        // "execution" is a query that cannot be computed, or the deadline caught while series were read.
        "execution" when error.Contains("deadline exceeded", StringComparison.Ordinal) || error.Contains("timed out", StringComparison.Ordinal) =>
            http.Failures.TimedOut($"Prometheus gave a query up that took too long: {OutsideText.Clean(error, 160)}."),
        "bad_data" or "execution" or "not_found" or "not_acceptable" => http.Failures.Refused(error),
        "internal" or "unavailable" or "canceled" => http.Failures.Failed(answer, error),
        _ => (int)answer.Status is >= 400 and < 500 ? http.Failures.Refused(error) : http.Failures.Failed(answer, error),
    };

    private ImmutableArray<MetricSample> Vector(Reply reply, PrometheusSeries[] elements)
    {
        if (elements.Any(e => e.Value is null && e.Histogram is null))
            throw http.Failures.NotUnderstood(reply.Answer);
        if (elements.Any(e => e.Histogram is not null))
            reply.Warnings.Add(NativeHistogram);
        return [.. elements.Where(e => e.Value is not null).Select(e => SampleOf(e, e.Value!.Value))];
    }

    private PrometheusSeries[] Elements(Reply reply, PrometheusResult result) =>
        [.. Wire.Each(Read(reply, result.Result, PrometheusJson.Default.PrometheusSeriesArray))];

    private static MetricSample SampleOf(PrometheusSeries? element, PrometheusPoint? point) => new(Labels(element), point!.Value.At, point.Value.Value);

    private static ImmutableDictionary<string, string> Labels(PrometheusSeries? element) =>
        element?.Metric is { Count: > 0 } labels ? labels.ToImmutableDictionary(l => l.Key, l => l.Value ?? "", StringComparer.Ordinal) : ImmutableDictionary<string, string>.Empty;

    private T Read<T>(Reply reply, JsonTypeInfo<T> type) => Read(reply, reply.Envelope.Data, type);

    private T Read<T>(Reply reply, JsonElement element, JsonTypeInfo<T> type)
    {
        try
        {
            return element.ValueKind is not JsonValueKind.Undefined and not JsonValueKind.Null && element.Deserialize(type) is { } value
                ? value
                : throw http.Failures.NotUnderstood(reply.Answer);
        }
        catch (JsonException)
        {
            throw http.Failures.NotUnderstood(reply.Answer);
        }
    }

    private HttpRequestMessage Post(string path, Deadline deadline, IEnumerable<(string Name, string Value)> fields) => Tenanted(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(
        [
            .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)),
            // A little less than is waited for here, so that the server stops by itself and says why.
            new("timeout", Number(Math.Max(0.01, Math.Round(deadline.Left.TotalSeconds * 0.9, 3)))),
            new("partial_response", "false"),
        ]),
    });

    private HttpRequestMessage Get(string path) => Tenanted(new HttpRequestMessage(HttpMethod.Get, path));

    private HttpRequestMessage Tenanted(HttpRequestMessage request)
    {
        if (options.Tenant is { Length: > 0 } tenant)
            request.Headers.Add("X-Scope-OrgID", tenant);
        return request;
    }

    private static string Moment(DateTimeOffset at) => Number(at.ToUnixTimeMilliseconds() / 1000.0);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A successful answer, opened.</summary>
    private sealed record Reply(HttpAnswer Answer, PrometheusEnvelope Envelope, Deadline Deadline)
    {
        /// <summary>Warnings, and those infos that put the value in doubt; that a metric's name does not end like a counter's is no such thing.</summary>
        public HashSet<string> Warnings { get; } =
        [
            .. Wire.Each(Envelope.Warnings).Concat(Wire.Each(Envelope.Infos).Where(i => !i.Contains("metric might not be", StringComparison.Ordinal)))
                .Select(w => OutsideText.Sentence(OutsideText.Clean(w, 240))),
        ];

        public SourceAnswer<T> Answered<T>(T value) => new(value, Deadline.Elapsed, [.. Warnings], Answer.ServerTime);
    }
}
