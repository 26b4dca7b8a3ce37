using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Reads aggregations into makers of buckets. Its recursion goes as deep as the document, which the parser bounds at 64.</summary>
internal sealed class AggregationDsl(FieldReaders columns, QueryDsl queries, ElasticsearchEngine engine, DateTimeOffset now)
{
    private const int MostBuckets = 65_535;
    private int _buckets;

    /// <summary>Makes one bucket with all the aggregations of an object of them.</summary>
    /// <exception cref="ElasticsearchException">One of them is not known here.</exception>
    public Func<Bucket> Read(JsonElement? aggregations)
    {
        if (aggregations is not { } named)
            return () => new Bucket([]);
        if (named.ValueKind is not JsonValueKind.Object)
            throw ElasticsearchException.Parsing("aggregations have to be an object");
        (string Name, Func<Aggregation> Make)[] makers = [.. named.EnumerateObject().Select(a => (a.Name, One(a.Name, a.Value)))];
        return () => new Bucket([.. makers.Select(m => (m.Name, m.Make()))]);
    }

    /// <summary>Called for each bucket of an answer: there are not to be too many.</summary>
    public void CountBucket()
    {
        if (++_buckets > MostBuckets)
            throw ElasticsearchException.Shard("too_many_buckets_exception", $"Trying to create too many buckets. Must be less than or equal to: [{MostBuckets}] but was [{_buckets}]");
    }

    private Func<Aggregation> One(string name, JsonElement definition)
    {
        if (definition.ValueKind is not JsonValueKind.Object)
            throw ElasticsearchException.Parsing($"Expected [START_OBJECT] under [{name}]");
        JsonElement? children = null;
        (string Type, JsonElement Body)? own = null;
        foreach (var member in definition.EnumerateObject())
        {
            if (member.Name is "aggs" or "aggregations")
                children = member.Value;
            else if (member.Name is not "meta")
                own = own is null ? (member.Name, member.Value) : throw ElasticsearchException.Parsing($"Found two aggregation type definitions in [{name}]");
        }

        return own is { } one ? One(name, one.Type, one.Body, Read(children)) : throw ElasticsearchException.Parsing($"Missing definition for aggregation [{name}]");
    }

    private Func<Aggregation> One(string name, string type, JsonElement body, Func<Bucket> bucket)
    {
        switch (type)
        {
            case "filter":
                var filter = columns.Filter(queries.Read(body));
                return () => new FilterAggregation(filter, bucket());
            case "filters":
                var filters = Filters(name, body);
                return () => new FiltersAggregation(filters.Keyed, [.. filters.Each.Select(f => (f.Key, f.Filter, bucket()))]);
            case "date_histogram":
                var interval = (long)Interval(body).TotalMilliseconds;
                return Histogram(name, body, interval, bucket);
            case "histogram":
                return Histogram(name, body, Number(body, "interval") ?? throw ElasticsearchException.Parsing("Required [interval]"), bucket);
            case "terms":
                return Terms(name, body, bucket);
            case "max" or "min" or "avg" or "sum" or "value_count" or "stats":
                if (type is "value_count" && columns.Keywords(Field(name, body)) is { } counted)
                    return () => new KeywordCountAggregation(counted);
                var numbers = Numbers(name, type, body);
                return () => new StatisticAggregation(type, numbers);
            case "cardinality":
                var field = Field(name, body);
                var (keyword, number) = (columns.Keywords(field), columns.Numbers(field));
                RefuseText(field);
                return () => new CardinalityAggregation(keyword, number);
            case "percentiles":
                var of = Numbers(name, type, body);
                double[] percents = body.TryGetProperty("percents", out var asked) ? [.. asked.EnumerateArray().Select(p => p.GetDouble())] : [1, 5, 25, 50, 75, 95, 99];
                var keyed = !body.TryGetProperty("keyed", out var k) || k.ValueKind is not JsonValueKind.False;
                return () => new PercentilesAggregation(of, percents, keyed);
            default:
                throw ElasticsearchException.Parsing($"Unknown aggregation type [{type}]");
        }
    }

    private Func<Aggregation> Histogram(string name, JsonElement body, double interval, Func<Bucket> bucket)
    {
        if (interval <= 0)
            throw ElasticsearchException.Illegal($"[interval] must be >0 for histogram aggregation [{name}]");
        var column = Numbers(name, "histogram", body);
        var least = (int?)Number(body, "min_doc_count") ?? 0;
        (double, double)? bounds = body.TryGetProperty("extended_bounds", out var extended)
            ? (Bound(extended, "min"), Bound(extended, "max"))
            : null;
        return () => new HistogramAggregation(column, interval, least, bounds, bucket, CountBucket);
    }

    private Func<Aggregation> Terms(string name, JsonElement body, Func<Bucket> bucket)
    {
        var field = Field(name, body);
        RefuseText(field);
        var size = (int?)Number(body, "size") ?? 10;
        if (size is < 1)
            throw ElasticsearchException.Illegal($"[size] must be greater than 0. Found [{size}] in [{name}]");
        var least = (int?)Number(body, "min_doc_count") ?? 1;
        (string Path, bool Descending)[] order = body.TryGetProperty("order", out var asked)
            ? [.. (asked.ValueKind is JsonValueKind.Array ? asked.EnumerateArray().SelectMany(o => o.EnumerateObject()) : asked.EnumerateObject())
                .Select(o => (o.Name, o.Value.GetString()?.Equals("desc", StringComparison.OrdinalIgnoreCase) is true))]
            : [("_count", true)];
        if (columns.Keywords(field) is { } keywords)
            return () => new KeywordTermsAggregation(keywords, size, least, order, bucket, CountBucket);
        var numbers = columns.Numbers(field);
        return () => new NumberTermsAggregation(numbers, size, least, order, bucket, CountBucket);
    }

    private (bool Keyed, (string Key, FilterColumn Filter)[] Each) Filters(string name, JsonElement body)
    {
        if (!body.TryGetProperty("filters", out var each) || each.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            throw ElasticsearchException.Parsing($"[filters] is missing in [{name}]");
        return each.ValueKind is JsonValueKind.Object
            ? (true, [.. each.EnumerateObject().Select(f => (f.Name, columns.Filter(queries.Read(f.Value))))])
            : (false, [.. each.EnumerateArray().Select(f => ("", columns.Filter(queries.Read(f))))]);
    }

    private TimeSpan Interval(JsonElement body)
    {
        if (Member(body, "interval") is { } old)
        {
            if (engine is not ElasticsearchEngine.Elasticsearch7)
                throw ElasticsearchException.Parsing("[date_histogram] unknown field [interval]");
            return Calendar(old) ?? DateMath.Length(old) ?? throw Unknown(old);
        }

        if (Member(body, "fixed_interval") is { } length)
            return DateMath.Length(length) ?? throw Unknown(length);
        return Member(body, "calendar_interval") is { } calendar
            ? Calendar(calendar) ?? throw Unknown(calendar)
            : throw ElasticsearchException.Illegal("Invalid interval specified, must be non-null and non-empty");

        static ElasticsearchException Unknown(string text) => ElasticsearchException.Illegal($"failed to parse setting [date_histogram.fixedInterval] with value [{text}]: unit is missing or unrecognized");
    }

    // Those units of the calendar that always have the same length in UTC.
    private static TimeSpan? Calendar(string unit) => unit switch
    {
        "minute" or "1m" => TimeSpan.FromMinutes(1),
        "hour" or "1h" => TimeSpan.FromHours(1),
        "day" or "1d" => TimeSpan.FromDays(1),
        _ => null,
    };

    private double Bound(JsonElement bounds, string name)
    {
        if (!bounds.TryGetProperty(name, out var bound))
            throw ElasticsearchException.Parsing($"[extended_bounds] needs [{name}]");
        return bound.ValueKind is JsonValueKind.Number ? bound.GetDouble()
            : DateMath.Parse(bound.GetString() ?? "", now) ?? throw ElasticsearchException.Shard("parse_exception", $"failed to parse date field [{bound}]");
    }

    private NumberColumn? Numbers(string name, string type, JsonElement body)
    {
        var field = Field(name, body);
        RefuseText(field);
        return columns.Keywords(field) is null ? columns.Numbers(field)
            : throw ElasticsearchException.Shard("illegal_argument_exception", $"Field [{field}] of type [keyword] is not supported for aggregation [{type}]");
    }

    private void RefuseText(string field)
    {
        if (columns.Mappings.Find(field) is FieldKind.Text)
            throw ElasticsearchException.Shard("illegal_argument_exception", $"Fielddata is disabled on [{field}] in [logs]. Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead.");
    }

    private static string Field(string name, JsonElement body) =>
        Member(body, "field") ?? throw ElasticsearchException.Illegal($"Required one of fields [field, script], but none were specified in [{name}]");

    private static string? Member(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String ? member.GetString() : null;

    private static double? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.Number ? member.GetDouble() : null;
}
