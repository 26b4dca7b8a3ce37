using System.Text.Json;
using Lucene.Net.Util;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>One value that hits are sorted by: a number (in a form whose order is the numbers'), a text, or missing.</summary>
internal readonly record struct SortValue(long Number, string? Text = null, bool Missing = false);

/// <summary>The order of hits: reads, compares, parses and writes the values they are sorted by.</summary>
internal sealed class SortKeys
{
    public const string Score = "_score";
    public const string Doc = "_doc";
    public const string ShardDoc = "_shard_doc";

    private readonly List<Key> _keys = [];

    public int Count => _keys.Count;

    /// <summary>True where hits are in order of how well they match.</summary>
    public bool ByScore => _keys.Exists(k => k.Field is Score);

    /// <summary>Whether an order was asked for at all.</summary>
    public bool IsAsked { get; private init; }

    /// <summary>Reads the <c>sort</c> of a search.</summary>
    /// <exception cref="ElasticsearchException">A field cannot be sorted by.</exception>
    public static SortKeys Read(JsonElement? sort, FieldReaders columns, ElasticsearchEngine engine, bool inPointInTime)
    {
        var keys = new SortKeys { IsAsked = sort is not null };
        foreach (var each in sort switch { null => [], { ValueKind: JsonValueKind.Array } many => many.EnumerateArray().ToArray(), { } one => [one] })
        {
            if (each.ValueKind is JsonValueKind.String)
                keys.Add(each.GetString()!, default, columns, engine);
            else if (each.ValueKind is JsonValueKind.Object)
                foreach (var member in each.EnumerateObject())
                    keys.Add(member.Name, member.Value, columns, engine);
            else
                throw ElasticsearchException.Parsing("malformed sort format, within the sort array, an object, or an actual string are allowed");
        }

        if (!keys.IsAsked)
            keys.Add(Score, default, columns, engine);
        // Ties of a walk through pages are broken by the place in the index, where the engine does so unasked.
        else if (inPointInTime && engine is not ElasticsearchEngine.OpenSearch2 && !keys._keys.Exists(k => k.Field is ShardDoc))
            keys.Add(ShardDoc, default, columns, engine);
        return keys;
    }

    public SortValue ValueOf(int key, int doc, int docBase, float score)
    {
        var (field, _, _, numbers, keywords) = _keys[key];
        if (field is Score)
            return new(NumericUtils.SingleToSortableInt32(score));
        if (field is Doc or ShardDoc)
            return new(docBase + doc);
        if (keywords is not null)
            return keywords.First(doc) is { } text ? new(0, text) : new(0, Missing: true);
        return numbers is not null && numbers.TryGet(doc, out long number) ? new(number) : new(0, Missing: true);
    }

    /// <summary>Negative where the first comes first.</summary>
    public int Compare(int key, SortValue a, SortValue b)
    {
        var (_, descending, missingFirst, _, _) = _keys[key];
        if (a.Missing || b.Missing)
            return a.Missing == b.Missing ? 0 : a.Missing == missingFirst ? -1 : 1;
        var order = a.Text is null ? a.Number.CompareTo(b.Number) : string.CompareOrdinal(a.Text, b.Text);
        return descending ? -order : order;
    }

    /// <summary>Reads a <c>search_after</c>.</summary>
    /// <exception cref="ElasticsearchException">It has another number of values than the sort.</exception>
    public SortValue[]? After(JsonElement? after, DateTimeOffset now)
    {
        if (after is not { } values)
            return null;
        if (values.ValueKind is not JsonValueKind.Array || values.GetArrayLength() != _keys.Count)
            throw ElasticsearchException.Illegal($"search_after has {(values.ValueKind is JsonValueKind.Array ? values.GetArrayLength() : 0)} value(s) but sort has {_keys.Count}.");
        return [.. values.EnumerateArray().Select((value, i) => After(_keys[i], value, now))];
    }

    public void Write(Utf8JsonWriter json, SortValue[] values)
    {
        json.WriteStartArray("sort");
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Missing)
                json.WriteNullValue();
            else if (values[i].Text is { } text)
                json.WriteStringValue(text);
            else if (_keys[i].Field is Score)
                json.WriteNumberValue(NumericUtils.SortableInt32ToSingle((int)values[i].Number));
            else if (_keys[i].Numbers is { Kind: FieldKind.Double } real)
                json.WriteNumberValue(real.Value(values[i].Number));
            else
                json.WriteNumberValue(values[i].Number);
        }

        json.WriteEndArray();
    }

    private static SortValue After(Key key, JsonElement value, DateTimeOffset now) => value.ValueKind switch
    {
        JsonValueKind.Null => new(0, Missing: true),
        _ when key.Keywords is not null => new(0, value.ToString()),
        _ when key.Field is Score => new(NumericUtils.SingleToSortableInt32(value.GetSingle())),
        _ when key.Numbers is { Kind: FieldKind.Double } => new(NumericUtils.DoubleToSortableInt64(value.GetDouble())),
        JsonValueKind.Number when value.TryGetInt64(out var number) => new(number),
        JsonValueKind.String when DateMath.Parse(value.GetString()!, now) is { } milliseconds => new(milliseconds),
        _ => throw ElasticsearchException.Illegal($"Failed to parse search_after value for field [{key.Field}]."),
    };

    private void Add(string field, JsonElement options, FieldReaders columns, ElasticsearchEngine engine)
    {
        var (descending, missingFirst, unmapped) = (field is Score, false, false);
        if (options.ValueKind is JsonValueKind.String)
        {
            descending = options.GetString() is "desc";
        }
        else if (options.ValueKind is JsonValueKind.Object)
        {
            if (options.TryGetProperty("order", out var order))
                descending = order.ToString().Equals("desc", StringComparison.OrdinalIgnoreCase);
            missingFirst = options.TryGetProperty("missing", out var missing) && missing.ToString() is "_first";
            unmapped = options.TryGetProperty("unmapped_type", out _);
        }

        var special = field is Score or Doc or ShardDoc;
        if (field is ShardDoc && engine is ElasticsearchEngine.OpenSearch2 || (!special && columns.Mappings.Find(field) is null && !unmapped))
            throw ElasticsearchException.Shard("query_shard_exception", $"No mapping found for [{field}] in order to sort on");
        if (columns.Mappings.Find(field) is FieldKind.Text)
            throw ElasticsearchException.Shard("illegal_argument_exception", $"Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead of [{field}].");
        _keys.Add(new Key(field, descending, missingFirst, special ? null : columns.Numbers(field), special ? null : columns.Keywords(field)));
    }

    private sealed record Key(string Field, bool Descending, bool MissingFirst, NumberColumn? Numbers, KeywordColumn? Keywords);
}
