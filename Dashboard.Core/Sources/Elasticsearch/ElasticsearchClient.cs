using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Elasticsearch;

/// <summary>
/// The search interface that Elasticsearch 7.17 to 9 and OpenSearch have in common: plain JSON, since each refuses the versioned media types of another. A missing
/// index is asked to be no error; that nothing matched the pattern is then told as a warning, because a count of none of nothing is no good news.
/// </summary>
internal sealed class ElasticsearchClient(HttpSource http, ElasticsearchOptions options, SourceLog log) : ILogSource, ISourceProbe
{
    // The latest moment that .NET can tell, in milliseconds since 1970.
    private const double LatestMoment = 253402300799999;

    public SourceKind Source => SourceKind.Elasticsearch;

    public string Address => http.Address;

    public Task<SourceAnswer<LogCounts>> CountAsync(string matching, string among, TimeRange range, CancellationToken cancellation) =>
        log.WatchAsync($"{matching} / {among}", async () =>
        {
            var body = CountRequest.Of(matching, among, range);
            var (answer, search, deadline) = await SearchAsync(body, cancellation);
            var counts = search.Shards!.Total == 0
                ? new LogCounts(range.Start, 0, 0, null, body)
                : search is { Hits.Total: { } total, Aggregations: { Matching: { } found, Newest: { } newest } }
                    ? new LogCounts(range.Start, found.Documents, total.Value, Moment(newest), body)
                    : throw http.Failures.NotUnderstood(answer);
            return new SourceAnswer<LogCounts>(counts, deadline.Elapsed, Warnings(search), answer.ServerTime);
        });

    public async Task<SourceAnswer<IReadOnlyList<LogCounts>>> CountByTimeAsync(
        string matching, string among, TimeRange range, TimeSpan interval, CancellationToken cancellation)
    {
        var whole = CountRequest.Whole(range, interval);
        if (whole.Length <= TimeSpan.Zero)
            return new SourceAnswer<IReadOnlyList<LogCounts>>([], TimeSpan.Zero, [], null);
        if (whole.Length / interval > CountRequest.MostIntervals)
            throw new ArgumentOutOfRangeException(nameof(interval), interval, $"More than {CountRequest.MostIntervals} intervals are too many for one answer.");

        return await log.WatchAsync($"{matching} / {among} by {interval}", async () =>
        {
            var body = CountRequest.ByTime(matching, among, whole, interval);
            var (answer, search, deadline) = await SearchAsync(body, cancellation);
            IReadOnlyList<LogCounts> counts = search.Shards!.Total == 0
                ? []
                : search.Aggregations?.Times?.Buckets is { } buckets && buckets.All(b => b is { Matching: not null } && Math.Abs(b.Key) < LatestMoment / 2)
                    ? [.. buckets.Select(b => new LogCounts(
                        DateTimeOffset.FromUnixTimeMilliseconds(b.Key), b.Matching!.Documents, b.Documents, Moment(b.Newest), body))]
                    : throw http.Failures.NotUnderstood(answer);
            return new SourceAnswer<IReadOnlyList<LogCounts>>(counts, deadline.Elapsed, Warnings(search), answer.ServerTime);
        });
    }

    public Task<SourceAnswer<SourceIdentity>> ProbeAsync(CancellationToken cancellation) => log.WatchAsync("probe", async () =>
    {
        var deadline = http.NewDeadline();
        try
        {
            var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, ""), deadline, cancellation);
            if (!answer.IsSuccess)
                throw Failure(answer);
            if (http.Parse(answer, ElasticsearchJson.Default.EngineAnswer).Version is not { Number: { } number } version)
                throw http.Failures.NotUnderstood(answer);
            return new SourceAnswer<SourceIdentity>(Identity(number, version.Distribution), deadline.Elapsed, [], answer.ServerTime);
        }
        catch (SourceException problem) when (problem.Failure.Kind is FailureKind.Unauthorized)
        {
            // A key for the logs alone may not ask for the version. That it may read the logs is what counts.
            var now = DateTimeOffset.UnixEpoch;
            var (answer, _, _) = await SearchAsync(CountRequest.Of("*", "*", new TimeRange(now, now.AddSeconds(1))), cancellation, deadline);
            return new SourceAnswer<SourceIdentity>(
                new SourceIdentity(null, null, ["The dashboard's user may not ask for the version."]), deadline.Elapsed, [], answer.ServerTime);
        }
    });

    private static SourceIdentity Identity(string number, string? distribution)
    {
        var openSearch = string.Equals(distribution, "opensearch", StringComparison.OrdinalIgnoreCase);
        var old = !openSearch && Version.TryParse(number.Split('-')[0], out var version) && version < new Version(7, 10);
        return new SourceIdentity(OutsideText.Clean(number, 40), openSearch ? "OpenSearch" : "Elasticsearch",
            old ? ["Versions before 7.10 may not understand the dashboard's searches."] : []);
    }

    private async Task<(HttpAnswer Answer, SearchAnswer Search, Deadline Deadline)> SearchAsync(string body, CancellationToken cancellation, Deadline? begun = null)
    {
        var deadline = begun ?? http.NewDeadline();
        var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Index}/_search?ignore_unavailable=true&allow_no_indices=true")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var answer = await http.SendAsync(request, deadline, cancellation);
        if (!answer.IsSuccess)
            throw Failure(answer);

        var search = http.Parse(answer, ElasticsearchJson.Default.SearchAnswer);
        if (search.Shards is not { } shards)
            throw http.Failures.NotUnderstood(answer);
        // Nothing at all was searched: there is no partial answer to show.
        if (shards.Total > 0 && shards.Failed >= shards.Total)
            throw http.Failures.Failed(answer, $"all {shards.Failed} shards failed: {Reason(shards.Failures?.FirstOrDefault()?.Reason)}");
        return (answer, search, deadline);
    }

    private SourceException Failure(HttpAnswer answer)
    {
        var reason = answer.IsJson(ElasticsearchJson.Default.SearchFault, out var fault) ? Reason(fault!.Error) : null;
        return (int)answer.Status switch
        {
            429 => http.Failures.TooManyRequests(reason),
            >= 500 => http.Failures.Failed(answer, reason),
            _ when reason is null => http.Failures.NotUnderstood(answer),
            _ => http.Failures.Refused(reason),
        };
    }

    private static string? Reason(JsonElement error)
    {
        try
        {
            return error.ValueKind switch
            {
                JsonValueKind.String => error.GetString(),
                JsonValueKind.Object => Reason(error.Deserialize(ElasticsearchJson.Default.SearchErrorCause)),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The innermost reason that is told: the outer ones only say that all shards failed.</summary>
    private static string? Reason(SearchErrorCause? cause)
    {
        var told = cause?.RootCause is [{ Reason: not null } root, ..] ? root : cause;
        return told?.CausedBy?.Reason ?? told?.Reason ?? told?.Type;
    }

    private ImmutableArray<string> Warnings(SearchAnswer search)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (search.Shards is { Total: 0 })
            warnings.Add($"No index matches {options.Index}.");
        if (search.Shards is { Failed: > 0 } shards)
        {
            var reason = Reason(shards.Failures?.FirstOrDefault()?.Reason) is { } told ? $": {OutsideText.Clean(told, 160)}" : "";
            warnings.Add(OutsideText.Sentence(string.Create(CultureInfo.InvariantCulture, $"{shards.Failed} of {shards.Total} shards failed{reason}")));
        }

        if (search.TimedOut)
            warnings.Add("The search ran out of time before it had seen all documents.");
        if (search.Hits?.Total is { Relation: "gte" })
            warnings.Add("The number of documents is a lower bound.");
        return warnings.ToImmutable();
    }

    private static DateTimeOffset? Moment(SearchMaximum? maximum) =>
        maximum?.Value is { } value && Math.Abs(value) < LatestMoment / 2 ? DateTimeOffset.FromUnixTimeMilliseconds((long)value) : null;
}
