using Lucene.Net.Analysis;
using Lucene.Net.QueryParsers.Classic;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// The query-string syntax: Lucene's classic parser, with each field's kind respected as Elasticsearch does (numbers and dates compare as such, keywords match
/// whole and with their case, <c>field:&gt;5</c> is a range, <c>field:*</c> and <c>_exists_:field</c> ask whether it is there).
/// </summary>
internal sealed class QueryText : QueryParser
{
    private const int MostNesting = 100;
    private const int Longest = 20_000;
    private readonly FieldQueries _fields;
    private readonly string[] _defaults;

    private QueryText(FieldQueries fields, string[] defaults, Analyzer analyzer)
        : base(LogIndex.Version, defaults is [var only] ? only : FieldQueries.Everything, analyzer)
    {
        (_fields, _defaults) = (fields, defaults);
        AllowLeadingWildcard = true;
        LowercaseExpandedTerms = false;
        AutoGeneratePhraseQueries = false;
    }

    /// <param name="fields">Makes the queries on single fields.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="defaults">The fields searched where none is named; empty: all.</param>
    /// <param name="and">Whether words beside each other must all be there.</param>
    /// <exception cref="ElasticsearchException">It is not of that syntax.</exception>
    public static Query Read(FieldQueries fields, string text, string[] defaults, bool and)
    {
        // The parser recurses at each parenthesis.
        if (text.Length > Longest || text.Count(c => c is '(') > MostNesting)
            throw ElasticsearchException.Shard("query_shard_exception", "Failed to parse query: it is too long or too deeply nested");
        if (text.Trim() is "" or "*")
            return text.Trim() is "" ? new BooleanQuery() : new MatchAllDocsQuery();
        try
        {
            return new QueryText(fields, defaults, fields.Analyzer) { DefaultOperator = and ? Operator.AND : Operator.OR }.Parse(text) ?? new BooleanQuery();
        }
        catch (Exception refused) when (refused is ParseException or BooleanQuery.TooManyClausesException)
        {
            throw ElasticsearchException.Shard("query_shard_exception", $"Failed to parse query [{text}]");
        }
    }

    protected override Query? GetFieldQuery(string field, string queryText, bool quoted)
    {
        if (field is "_exists_")
            return FieldQueries.Exists(queryText);
        if (!quoted && queryText is ['>' or '<', ..])
        {
            var inclusive = queryText.Length > 1 && queryText[1] is '=';
            var bound = queryText[(inclusive ? 2 : 1)..];
            return queryText[0] is '>'
                ? _fields.Range(field, bound, null, inclusive, true)
                : _fields.Range(field, null, bound, true, inclusive);
        }

        return OnEach(field, f => quoted ? _fields.Phrase(f, queryText, 0) : _fields.Match(f, queryText, DefaultOperator is Operator.AND));
    }

    protected override Query? GetFieldQuery(string field, string queryText, int slop) => OnEach(field, f => _fields.Phrase(f, queryText, slop));

    protected override Query GetRangeQuery(string field, string? part1, string? part2, bool startInclusive, bool endInclusive) =>
        _fields.Range(field, part1, part2, startInclusive, endInclusive);

    protected override Query? GetPrefixQuery(string field, string termStr) => OnEach(field, f => _fields.Prefix(f, termStr));

    protected override Query? GetWildcardQuery(string field, string termStr)
    {
        if (termStr is "*")
            return field is FieldQueries.Everything || IsDefault(field) ? new MatchAllDocsQuery() : FieldQueries.Exists(field);
        return OnEach(field, f => _fields.Wildcard(f, termStr));
    }

    private Query? OnEach(string field, Func<string, Query> make)
    {
        if (!IsDefault(field) || _defaults.Length < 2)
            return make(field);
        var any = new BooleanQuery();
        foreach (var each in _defaults)
            any.Add(make(each), Occur.SHOULD);
        return any;
    }

    private bool IsDefault(string field) => field == Field;
}
