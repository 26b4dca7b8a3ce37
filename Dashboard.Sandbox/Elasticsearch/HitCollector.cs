using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>A document that was found.</summary>
internal sealed record Hit(int Doc, float Score, SortValue[] Keys);

/// <summary>Goes once through all that matches: counts it, sums it up, and keeps the first hits in the order asked for.</summary>
internal sealed class HitCollector(FieldReaders columns, SortKeys sort, SortValue[]? after, int keep, Bucket? bucket) : ICollector
{
    private readonly PriorityQueue<Hit, Hit> _worstFirst = new(Comparer<Hit>.Create((a, b) => Compare(sort, b.Keys, b.Doc, a.Keys, a.Doc)));
    private readonly SortValue[] _keys = new SortValue[sort.Count];
    private Scorer? _scorer;
    private int _docBase;

    public long Total { get; private set; }

    public float MaxScore { get; private set; }

    public bool AcceptsDocsOutOfOrder => false;

    public void SetScorer(Scorer scorer) => _scorer = scorer;

    public void SetNextReader(AtomicReaderContext context)
    {
        _docBase = context.DocBase;
        columns.Open(context);
    }

    public void Collect(int doc)
    {
        Total++;
        bucket?.Collect(doc);
        if (keep is 0)
            return;
        var score = sort.ByScore ? _scorer!.GetScore() : 0;
        MaxScore = Math.Max(MaxScore, score);
        if (_worstFirst.Count == keep && sort.Count > 0)
        {
            // Most documents lose by their first value already.
            var first = sort.ValueOf(0, doc, _docBase, score);
            if (sort.Compare(0, first, _worstFirst.Peek().Keys[0]) > 0)
                return;
        }

        for (var i = 0; i < _keys.Length; i++)
            _keys[i] = sort.ValueOf(i, doc, _docBase, score);
        if (after is not null && Compare(sort, _keys, 0, after, 0) <= 0)
            return;
        var place = _docBase + doc;
        if (_worstFirst.Count < keep)
        {
            Keep(place, score);
        }
        else if (_worstFirst.Peek() is var worst && Compare(sort, _keys, place, worst.Keys, worst.Doc) < 0)
        {
            _worstFirst.Dequeue();
            Keep(place, score);
        }
    }

    /// <summary>The hits kept, the first one first.</summary>
    public Hit[] Hits()
    {
        var hits = new Hit[_worstFirst.Count];
        for (var i = hits.Length - 1; i >= 0; i--)
            hits[i] = _worstFirst.Dequeue();
        return hits;
    }

    private void Keep(int doc, float score)
    {
        var hit = new Hit(doc, score, [.. _keys]);
        _worstFirst.Enqueue(hit, hit);
    }

    private static int Compare(SortKeys sort, SortValue[] a, int docA, SortValue[] b, int docB)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (sort.Compare(i, a[i], b[i]) is not 0 and var order)
                return order;
        }

        return docA.CompareTo(docB);
    }
}
