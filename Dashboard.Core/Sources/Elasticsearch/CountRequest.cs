using System.Globalization;
using System.Text;
using System.Text.Json;
using Dashboard.Core.Series;

namespace Dashboard.Core.Sources.Elasticsearch;

/// <summary>The bodies of the searches that count documents. Queries are values in them, never joined to the text.</summary>
internal static class CountRequest
{
    /// <summary>Below the 65,535 buckets that Elasticsearch gives at most.</summary>
    public const int MostIntervals = 10_000;

    public static string Of(string matching, string among, TimeRange range) => Write(among, range, json => WriteCounts(json, matching));

    /// <param name="matching">The documents counted.</param>
    /// <param name="among">The documents they are a share of.</param>
    /// <param name="whole">A range of whole intervals, not empty.</param>
    /// <param name="interval">At least a millisecond.</param>
    public static string ByTime(string matching, string among, TimeRange whole, TimeSpan interval) => Write(among, whole, json =>
    {
        json.WriteStartObject("times");
        json.WriteStartObject("date_histogram");
        json.WriteString("field", "@timestamp");
        json.WriteString("fixed_interval", Fixed(interval));
        json.WriteNumber("min_doc_count", 0);
        // Without them an interval at either end that has no documents would not be told, and one told as 0 is not one that is missing.
        json.WriteStartObject("extended_bounds");
        json.WriteNumber("min", whole.Start.ToUnixTimeMilliseconds());
        json.WriteNumber("max", (whole.End - interval).ToUnixTimeMilliseconds());
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("aggs");
        WriteCounts(json, matching);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The whole intervals of a range. They begin at multiples of their length since 1970 in UTC, as the buckets of a date histogram do.</summary>
    public static TimeRange Whole(TimeRange range, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        var step = interval.Ticks;
        var first = Floor(range.Start - DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(step - 1));
        var end = Floor(range.End - DateTimeOffset.UnixEpoch);
        return new TimeRange(first, end < first ? first : end);

        DateTimeOffset Floor(TimeSpan since) => DateTimeOffset.UnixEpoch.AddTicks(since.Ticks / step * step);
    }

    private static string Write(string among, TimeRange range, Action<Utf8JsonWriter> aggregations)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("size", 0);
            json.WriteBoolean("track_total_hits", true);
            json.WriteStartObject("query");
            json.WriteStartObject("bool");
            json.WriteStartArray("filter");
            json.WriteStartObject();
            json.WriteStartObject("range");
            json.WriteStartObject("@timestamp");
            json.WriteString("gte", Moment(range.Start));
            json.WriteString("lt", Moment(range.End));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject();
            WriteQuery(json, among);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("aggs");
            aggregations(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static void WriteCounts(Utf8JsonWriter json, string matching)
    {
        json.WriteStartObject("matching");
        json.WriteStartObject("filter");
        WriteQuery(json, matching);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("newest");
        json.WriteStartObject("max");
        json.WriteString("field", "@timestamp");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteQuery(Utf8JsonWriter json, string query)
    {
        json.WriteStartObject("query_string");
        json.WriteString("query", query);
        json.WriteEndObject();
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>In the largest unit that holds it exactly.</summary>
    private static string Fixed(TimeSpan interval)
    {
        foreach (var (unit, name) in ((TimeSpan, string)[])[(TimeSpan.FromDays(1), "d"), (TimeSpan.FromHours(1), "h"), (TimeSpan.FromMinutes(1), "m"), (TimeSpan.FromSeconds(1), "s")])
        {
            if (interval.Ticks % unit.Ticks == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{interval.Ticks / unit.Ticks}{name}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{interval.Ticks / TimeSpan.TicksPerMillisecond}ms");
    }
}
