using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>The columns that one search reads, each opened once for each segment and shared by all who ask for it.</summary>
internal sealed class FieldReaders(FieldMappings mappings, IndexSearcher searcher)
{
    private readonly Dictionary<string, NumberColumn> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeywordColumn> _keywords = new(StringComparer.Ordinal);
    private readonly List<FilterColumn> _filters = [];

    public FieldMappings Mappings => mappings;

    /// <summary>Null where no document has such a field of numbers, dates or booleans.</summary>
    public NumberColumn? Numbers(string field)
    {
        if (_numbers.TryGetValue(field, out var known))
            return known;
        return mappings.Find(field) is { } kind and not (FieldKind.Keyword or FieldKind.Text) ? _numbers[field] = new NumberColumn(field, kind) : null;
    }

    /// <summary>Null where no document has such a field of keywords.</summary>
    public KeywordColumn? Keywords(string field)
    {
        if (_keywords.TryGetValue(field, out var known))
            return known;
        return mappings.Find(field) is FieldKind.Keyword ? _keywords[field] = new KeywordColumn(field) : null;
    }

    public FilterColumn Filter(Query query)
    {
        var filter = new FilterColumn(searcher.CreateNormalizedWeight(new ConstantScoreQuery(query)));
        _filters.Add(filter);
        return filter;
    }

    public void Open(AtomicReaderContext segment)
    {
        foreach (var column in _numbers.Values)
            column.Open(segment);
        foreach (var column in _keywords.Values)
            column.Open(segment);
        foreach (var filter in _filters)
            filter.Open(segment);
    }
}

/// <summary>A field of numbers, one a document.</summary>
internal sealed class NumberColumn(string field, FieldKind kind)
{
    private NumericDocValues? _values;
    private IBits? _present;

    public FieldKind Kind => kind;

    public void Open(AtomicReaderContext segment)
    {
        _values = segment.AtomicReader.GetNumericDocValues(field);
        _present = _values is null ? null : segment.AtomicReader.GetDocsWithField(field);
    }

    /// <summary>The number in a form whose order is that of the numbers: itself, or the sortable bits of a double.</summary>
    public bool TryGet(int doc, out long sortable)
    {
        sortable = 0;
        if (_values is null || !_present!.Get(doc))
            return false;
        sortable = _values.Get(doc);
        if (kind is FieldKind.Double)
            sortable = NumericUtils.DoubleToSortableInt64(BitConverter.Int64BitsToDouble(sortable));
        return true;
    }

    public bool TryGet(int doc, out double value)
    {
        value = 0;
        if (_values is null || !_present!.Get(doc))
            return false;
        var bits = _values.Get(doc);
        value = kind is FieldKind.Double ? BitConverter.Int64BitsToDouble(bits) : bits;
        return true;
    }

    /// <summary>The number that has this sortable form.</summary>
    public double Value(long sortable) => kind is FieldKind.Double ? NumericUtils.SortableInt64ToDouble(sortable) : sortable;
}

/// <summary>A field of keywords, any number a document. Ordinals are those of the segment.</summary>
internal sealed class KeywordColumn(string field)
{
    private readonly BytesRef _bytes = new();
    private SortedSetDocValues? _values;
    private string?[] _texts = [];

    /// <summary>Changes with each segment: ordinals of another one mean something else.</summary>
    public int Segment { get; private set; }

    public int Ordinals => _texts.Length;

    public void Open(AtomicReaderContext segment)
    {
        Segment++;
        _values = segment.AtomicReader.GetSortedSetDocValues(field);
        _texts = new string?[(int)(_values?.ValueCount ?? 0)];
    }

    public void Begin(int doc) => _values?.SetDocument(doc);

    /// <summary>The next ordinal of the document, negative after the last.</summary>
    public long Next() => _values?.NextOrd() ?? SortedSetDocValues.NO_MORE_ORDS;

    public string Text(long ordinal)
    {
        if (_texts[ordinal] is { } known)
            return known;
        _values!.LookupOrd(ordinal, _bytes);
        return _texts[ordinal] = _bytes.Utf8ToString();
    }

    /// <summary>The document's first keyword in order, null where it has none.</summary>
    public string? First(int doc)
    {
        Begin(doc);
        return Next() is >= 0 and var ordinal ? Text(ordinal) : null;
    }
}

/// <summary>The documents that match a query, as bits.</summary>
internal sealed class FilterColumn(Weight weight)
{
    private FixedBitSet _bits = new(1);

    public void Open(AtomicReaderContext segment)
    {
        _bits = new FixedBitSet(Math.Max(1, segment.AtomicReader.MaxDoc));
        if (weight.GetScorer(segment, segment.AtomicReader.LiveDocs) is { } scorer)
            _bits.Or(scorer);
    }

    public bool Has(int doc) => _bits.Get(doc);
}
