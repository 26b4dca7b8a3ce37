using System.Collections.Concurrent;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.Util;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// All documents in one Lucene index in memory; the index a document belongs to is a field of it. Bounded in documents and bytes: live documents are dropped
/// in the order in which they came, those kept as the past stay. Safe for many threads.
/// </summary>
internal sealed class LogIndex : IDisposable
{
    public const LuceneVersion Version = LuceneVersion.LUCENE_48;
    private const int MostIndices = 1_000;

    private readonly RAMDirectory _directory = new();
    private readonly IndexWriter _writer;
    private readonly SearcherManager _searchers;
    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _unseenIds = new(StringComparer.Ordinal);
    private readonly System.Threading.Lock _bound = new();
    private readonly int _maxDocuments;
    private readonly long _maxBytes;
    private int _kept;
    private long _next = 1;
    private long _oldest = 1;

    public LogIndex(int maxDocuments, long maxBytes)
    {
        (_maxDocuments, _maxBytes) = (maxDocuments, maxBytes);
        _writer = new IndexWriter(_directory, new IndexWriterConfig(Version, Analyzer) { RAMBufferSizeMB = 12 });
        _searchers = new SearcherManager(_writer, applyAllDeletes: true, new SearcherFactory());
    }

    /// <summary>Words in lower case; no stop words.</summary>
    public Analyzer Analyzer { get; } = new StandardAnalyzer(Version, CharArraySet.Empty);

    public FieldMappings Mappings { get; } = new();

    /// <summary>
    /// Bytes that the searchable index takes in memory. Beside it there are what came since the last refresh, in a buffer of at most 12 MB, and segments that
    /// were merged away, until the next refresh.
    /// </summary>
    public long Bytes
    {
        get
        {
            var searcher = Acquire();
            try
            {
                return searcher.IndexReader.Leaves.Sum(segment => ((SegmentReader)segment.AtomicReader).SegmentInfo.GetSizeInBytes());
            }
            finally
            {
                Release(searcher);
            }
        }
    }

    /// <summary>Documents taken in and not dropped; replaced ones count until they would have been dropped.</summary>
    public int Documents
    {
        get
        {
            lock (_bound)
                return _kept + (int)(_next - _oldest);
        }
    }

    public IEnumerable<string> Names => _names.Keys.Order(StringComparer.Ordinal);

    public bool Has(string name) => _names.ContainsKey(name);

    /// <summary>Takes a document in. True where it replaced one of the same id.</summary>
    /// <exception cref="ElasticsearchException">It is refused; nothing was taken in.</exception>
    public bool Add(string index, string? id, ReadOnlyMemory<byte> source, bool mustBeNew, bool keep = false)
    {
        AddName(index);
        var replaces = false;
        if (id is not null)
        {
            replaces = Exists(index, id);
            if (replaces && mustBeNew)
                throw new ElasticsearchException(409, "version_conflict_engine_exception", $"[{id}]: version conflict, document already exists (current version [1])");
        }

        var document = LogDocument.Read(Mappings, index, id ?? NewId(), source);
        lock (_bound)
        {
            if (keep)
                _kept++;
            else
                LogDocument.Number(document, _next++);
        }

        if (id is null)
        {
            _writer.AddDocument(document);
        }
        else
        {
            _unseenIds[$"{index}/{id}"] = 0;
            if (replaces)
                _writer.DeleteDocuments(new BooleanQuery { { new TermQuery(new Term("_index", index)), Occur.MUST }, { new TermQuery(new Term("_id", id)), Occur.MUST } });
            _writer.AddDocument(document);
        }

        DropOldest(Documents - _maxDocuments);
        return replaces;
    }

    /// <summary>True where there was such a document.</summary>
    public bool Delete(string index, string id)
    {
        if (!Exists(index, id))
            return false;
        _unseenIds.TryRemove($"{index}/{id}", out _);
        _writer.DeleteDocuments(new BooleanQuery { { new TermQuery(new Term("_index", index)), Occur.MUST }, { new TermQuery(new Term("_id", id)), Occur.MUST } });
        return true;
    }

    /// <summary>Lets searches see what came since the last time, and holds the bound of bytes.</summary>
    public void Refresh()
    {
        var seen = _unseenIds.Keys.ToArray();
        _searchers.MaybeRefreshBlocking();
        foreach (var id in seen)
            _unseenIds.TryRemove(id, out _);
        // A merge gives back what is deleted only from segments that have lost a tenth, so a fifth goes each time.
        for (var round = 0; Bytes > _maxBytes && round < 8; round++)
        {
            long live;
            lock (_bound)
                live = _next - _oldest;
            if (live is 0)
                return;
            DropOldest((int)(live / 5) + 1, spare: 0);
            _writer.ForceMergeDeletes();
            _searchers.MaybeRefreshBlocking();
        }
    }

    /// <summary>A searcher over what is there now; give it back.</summary>
    public IndexSearcher Acquire() => _searchers.Acquire();

    public void Release(IndexSearcher searcher) => _searchers.Release(searcher);

    public void Dispose()
    {
        _searchers.Dispose();
        _writer.Dispose();
        _directory.Dispose();
        Analyzer.Dispose();
    }

    private void AddName(string index)
    {
        if (_names.ContainsKey(index))
            return;
        if (index.Length is 0 or > 255 || index[0] is '_' or '-' or '+' or '.' || index.Any(c => char.IsUpper(c) || " \"*\\<|,>/?#:".Contains(c, StringComparison.Ordinal)))
            throw new ElasticsearchException(400, "invalid_index_name_exception", $"Invalid index name [{index}]");
        if (_names.Count >= MostIndices)
            throw ElasticsearchException.Illegal($"this action would add [1] shards, but this cluster currently has [{MostIndices}]/[{MostIndices}] maximum normal shards open");
        _names.TryAdd(index, 0);
    }

    private bool Exists(string index, string id)
    {
        if (_unseenIds.ContainsKey($"{index}/{id}"))
            return true;
        var searcher = Acquire();
        try
        {
            var count = new TotalHitCountCollector();
            searcher.Search(new BooleanQuery { { new TermQuery(new Term("_id", id)), Occur.MUST }, { new TermQuery(new Term("_index", index)), Occur.MUST } }, count);
            return count.TotalHits > 0;
        }
        finally
        {
            Release(searcher);
        }
    }

    // Some more than needed are dropped each time, since each time costs a look through the index.
    private void DropOldest(int excess, int? spare = null)
    {
        if (excess <= 0)
            return;
        long from, to;
        lock (_bound)
        {
            from = _oldest;
            to = Math.Min(_next, from + excess + (spare ?? _maxDocuments / 50));
            _oldest = to;
        }

        if (to > from)
            _writer.DeleteDocuments(NumericRangeQuery.NewInt64Range(LogDocument.Sequence, LogDocument.PrecisionStep, from, to, true, false));
    }

    private static string NewId() => Convert.ToBase64String(Guid.NewGuid().ToByteArray().AsSpan(0, 15)).Replace('+', '-').Replace('/', '_');
}
