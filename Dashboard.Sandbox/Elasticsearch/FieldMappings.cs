using System.Collections.Concurrent;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>How a field is indexed.</summary>
internal enum FieldKind
{
    /// <summary>Whole strings: exact matches, terms, sorting.</summary>
    Keyword,

    /// <summary>Analyzed into words: matches only.</summary>
    Text,

    Long,

    Double,

    /// <summary>Milliseconds since 1970.</summary>
    Date,

    /// <summary>1 or 0.</summary>
    Boolean,
}

/// <summary>
/// The fields and their kinds, found out from the first value of each, as the index template for the Elastic Common Schema would have it: strings are
/// keywords but for the few long texts. Safe for many threads.
/// </summary>
internal sealed class FieldMappings
{
    private const int MostFields = 1_000;

    private static readonly Dictionary<string, FieldKind> Known = new(StringComparer.Ordinal)
    {
        ["@timestamp"] = FieldKind.Date,
        ["message"] = FieldKind.Text,
        ["error.message"] = FieldKind.Text,
        ["error.stack_trace"] = FieldKind.Text,
        ["event.duration"] = FieldKind.Long,
    };

    private readonly ConcurrentDictionary<string, FieldKind> _fields = new(StringComparer.Ordinal)
    {
        ["_id"] = FieldKind.Keyword,
        ["_index"] = FieldKind.Keyword,
    };

    /// <summary>All fields in order of name, those of the index itself among them.</summary>
    public IEnumerable<KeyValuePair<string, FieldKind>> All => _fields.OrderBy(f => f.Key, StringComparer.Ordinal);

    /// <summary>Null where no document has had the field.</summary>
    public FieldKind? Find(string field) => _fields.TryGetValue(field, out var kind) ? kind : null;

    /// <exception cref="ElasticsearchException">There are too many fields already.</exception>
    public FieldKind Get(string field, FieldKind found)
    {
        if (_fields.TryGetValue(field, out var kind))
            return kind;
        if (_fields.Count >= MostFields)
            throw ElasticsearchException.Illegal($"Limit of total fields [{MostFields}] has been exceeded while adding new fields [1]");
        return _fields.GetOrAdd(field, Known.TryGetValue(field, out var known) ? known : found);
    }
}
