using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>The documents that match a query.</summary>
internal sealed class FilterAggregation(FilterColumn filter, Bucket bucket) : Aggregation
{
    public override void Collect(int doc)
    {
        if (filter.Has(doc))
            bucket.Collect(doc);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("doc_count", bucket.Count);
        bucket.WriteChildren(json);
    }

    public override double Value(string? part) => bucket.Count;
}

/// <summary>The documents that match each of several queries; one document may count in many.</summary>
internal sealed class FiltersAggregation(bool keyed, (string Key, FilterColumn Filter, Bucket Bucket)[] filters) : Aggregation
{
    public override void Collect(int doc)
    {
        foreach (var (_, filter, bucket) in filters)
        {
            if (filter.Has(doc))
                bucket.Collect(doc);
        }
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("buckets");
        if (keyed)
            json.WriteStartObject();
        else
            json.WriteStartArray();
        foreach (var (key, _, bucket) in filters)
        {
            if (keyed)
                json.WritePropertyName(key);
            json.WriteStartObject();
            json.WriteNumber("doc_count", bucket.Count);
            bucket.WriteChildren(json);
            json.WriteEndObject();
        }

        if (keyed)
            json.WriteEndObject();
        else
            json.WriteEndArray();
    }
}

/// <summary>Documents by intervals of equal length, of numbers or of time (in milliseconds). Empty intervals in between are shown where the least count is 0.</summary>
internal sealed class HistogramAggregation(
    NumberColumn? column, double interval, int least, (double Min, double Max)? bounds, Func<Bucket> make, Action count) : Aggregation
{
    private readonly Dictionary<long, Bucket> _buckets = [];
    private (long Index, Bucket Bucket)? _last;

    public override void Collect(int doc)
    {
        if (column is null || !column.TryGet(doc, out double value))
            return;
        var index = (long)Math.Floor(value / interval);
        // Documents come mostly in the order of time.
        if (_last is { } last && last.Index == index)
        {
            last.Bucket.Collect(doc);
            return;
        }

        ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, index, out var known);
        if (!known)
        {
            count();
            bucket = make();
        }

        _last = (index, bucket!);
        bucket!.Collect(doc);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("buckets");
        foreach (var index in Indices())
        {
            var bucket = _buckets.GetValueOrDefault(index);
            if ((bucket?.Count ?? 0) < least)
                continue;
            json.WriteStartObject();
            var key = index * interval;
            if (column?.Kind is FieldKind.Date)
            {
                json.WriteString("key_as_string", DateMath.Write((long)key));
                json.WriteNumber("key", (long)key);
            }
            else
            {
                json.WriteNumber("key", key);
            }

            bucket ??= make();
            json.WriteNumber("doc_count", bucket.Count);
            bucket.WriteChildren(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private IEnumerable<long> Indices()
    {
        if (least > 0 || column is null)
            return _buckets.Keys.Order();
        long[] ends = [.. _buckets.Keys, .. bounds is { } b ? [(long)Math.Floor(b.Min / interval), (long)Math.Floor(b.Max / interval)] : (long[])[]];
        return ends.Length is 0 ? [] : Filled(ends.Min(), ends.Max());
    }

    private IEnumerable<long> Filled(long from, long to)
    {
        for (var index = from; index <= to; index++)
        {
            if (!_buckets.ContainsKey(index))
                count();
            yield return index;
        }
    }
}

/// <summary>Documents by the values of a field, the first of them by the order asked for.</summary>
internal abstract class TermsAggregation<T>(int size, int least, (string Path, bool Descending)[] order, Action count) : Aggregation
    where T : notnull
{
    protected Dictionary<T, Bucket> Buckets { get; } = [];

    public override void Write(Utf8JsonWriter json)
    {
        var all = Buckets.Where(b => b.Value.Count >= least);
        IOrderedEnumerable<KeyValuePair<T, Bucket>>? ordered = null;
        foreach (var (path, descending) in order)
        {
            ordered = path is "_key" ? By(ordered, all, b => b.Key, descending)
                : path is "_count" ? By(ordered, all, b => b.Value.Count, descending)
                : By(ordered, all, b => b.Value.Value(path), descending);
        }

        var shown = (ordered?.ThenBy(b => b.Key, Comparer<T>.Create(Compare)) ?? all).Take(size).ToArray();
        json.WriteNumber("doc_count_error_upper_bound", 0);
        json.WriteNumber("sum_other_doc_count", Buckets.Values.Sum(b => b.Count) - shown.Sum(b => b.Value.Count));
        json.WriteStartArray("buckets");
        foreach (var (key, bucket) in shown)
        {
            count();
            json.WriteStartObject();
            WriteKey(json, key);
            json.WriteNumber("doc_count", bucket.Count);
            bucket.WriteChildren(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    protected abstract void WriteKey(Utf8JsonWriter json, T key);

    protected abstract int Compare(T a, T b);

    private IOrderedEnumerable<KeyValuePair<T, Bucket>> By<TKey>(
        IOrderedEnumerable<KeyValuePair<T, Bucket>>? first, IEnumerable<KeyValuePair<T, Bucket>> all, Func<KeyValuePair<T, Bucket>, TKey> key, bool descending)
    {
        var comparer = typeof(TKey) == typeof(T) ? (IComparer<TKey>)(object)Comparer<T>.Create(Compare) : Comparer<TKey>.Default;
        return (first, descending) switch
        {
            (null, true) => all.OrderByDescending(key, comparer),
            (null, false) => all.OrderBy(key, comparer),
            (_, true) => first.ThenByDescending(key, comparer),
            _ => first.ThenBy(key, comparer),
        };
    }
}

internal sealed class KeywordTermsAggregation(
    KeywordColumn column, int size, int least, (string Path, bool Descending)[] order, Func<Bucket> make, Action count)
    : TermsAggregation<string>(size, least, order, count)
{
    private Bucket?[] _byOrdinal = [];
    private int _segment = -1;

    public override void Collect(int doc)
    {
        if (_segment != column.Segment)
        {
            _segment = column.Segment;
            _byOrdinal = new Bucket?[column.Ordinals];
        }

        column.Begin(doc);
        // A child may read the same column, so the ordinals are taken before the buckets collect.
        var first = column.Next();
        if (first < 0)
            return;
        if (column.Next() is >= 0 and var second)
        {
            List<long> ordinals = [first, second];
            while (column.Next() is >= 0 and var next)
                ordinals.Add(next);
            foreach (var ordinal in ordinals)
                Get(ordinal).Collect(doc);
        }
        else
        {
            Get(first).Collect(doc);
        }
    }

    protected override void WriteKey(Utf8JsonWriter json, string key) => json.WriteString("key", key);

    protected override int Compare(string a, string b) => string.CompareOrdinal(a, b);

    private Bucket Get(long ordinal)
    {
        if (_byOrdinal[ordinal] is { } known)
            return known;
        ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(Buckets, column.Text(ordinal), out _);
        return _byOrdinal[ordinal] = bucket ??= make();
    }
}

internal sealed class NumberTermsAggregation(
    NumberColumn? column, int size, int least, (string Path, bool Descending)[] order, Func<Bucket> make, Action count)
    : TermsAggregation<long>(size, least, order, count)
{
    public override void Collect(int doc)
    {
        if (column is null || !column.TryGet(doc, out long value))
            return;
        ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(Buckets, value, out _);
        (bucket ??= make()).Collect(doc);
    }

    protected override void WriteKey(Utf8JsonWriter json, long key)
    {
        if (column!.Kind is FieldKind.Double)
        {
            json.WriteNumber("key", column.Value(key));
            return;
        }

        json.WriteNumber("key", key);
        if (column.Kind is FieldKind.Date)
            json.WriteString("key_as_string", DateMath.Write(key));
        else if (column.Kind is FieldKind.Boolean)
            json.WriteString("key_as_string", key is 0 ? "false" : "true");
    }

    protected override int Compare(long a, long b) => a.CompareTo(b);
}
