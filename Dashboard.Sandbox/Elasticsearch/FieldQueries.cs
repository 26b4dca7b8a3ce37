using System.Globalization;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Queries on one field, after the field's kind. A field that no document has matches nothing.</summary>
/// <param name="mappings">The kinds.</param>
/// <param name="analyzer">Splits texts into words.</param>
/// <param name="now">What <c>now</c> means in dates.</param>
internal sealed class FieldQueries(FieldMappings mappings, Analyzer analyzer, DateTimeOffset now)
{
    /// <summary>Stands for all fields of words and keywords, for searches that name none.</summary>
    public const string Everything = "*";

    public Analyzer Analyzer => analyzer;

    public static Query Exists(string field) => new ConstantScoreQuery(new TermQuery(new Term(LogDocument.Names, field)));

    /// <summary>The exact value; on a text field, the one word.</summary>
    public Query Term(string field, string value) => Kind(field) switch
    {
        null => Nothing(),
        FieldKind.Keyword or FieldKind.Text => new TermQuery(new Term(field, value)),
        var kind => Exactly(field, value, kind.Value),
    };

    /// <summary>On a text field any (or all) of the words, else the exact value.</summary>
    public Query Match(string field, string text, bool and)
    {
        if (field is Everything)
            return InAny(f => Match(f, text, and));
        if (!IsText(field))
            return Term(field, text);
        var words = Words(text);
        if (words is [var only])
            return new TermQuery(new Term(field, only));
        var all = new BooleanQuery();
        foreach (var word in words)
            all.Add(new TermQuery(new Term(field, word)), and ? Occur.MUST : Occur.SHOULD);
        return all;
    }

    /// <summary>On a text field the words in this order, else the exact value.</summary>
    public Query Phrase(string field, string text, int slop)
    {
        if (field is Everything)
            return InAny(f => Phrase(f, text, slop));
        if (!IsText(field))
            return Term(field, text);
        var phrase = new PhraseQuery { Slop = slop };
        foreach (var word in Words(text))
            phrase.Add(new Term(field, word));
        return phrase;
    }

    public Query Prefix(string field, string prefix) => field is Everything ? InAny(f => Prefix(f, prefix)) : IsWord(field) ? new PrefixQuery(new Term(field, Cased(field, prefix))) : Nothing();

    public Query Wildcard(string field, string pattern) => field is Everything ? InAny(f => Wildcard(f, pattern)) : IsWord(field) ? new WildcardQuery(new Term(field, Cased(field, pattern))) : Nothing();

    /// <summary>Null is no bound.</summary>
    /// <exception cref="ElasticsearchException">A bound is no value of the field's kind.</exception>
    public Query Range(string field, string? from, string? to, bool withFrom, bool withTo)
    {
        switch (Kind(field))
        {
            case null:
                return Nothing();
            case FieldKind.Keyword or FieldKind.Text:
                return TermRangeQuery.NewStringRange(field, from, to, withFrom, withTo);
            case FieldKind.Double:
                return NumericRangeQuery.NewDoubleRange(field, LogDocument.PrecisionStep, Real(field, from), Real(field, to), withFrom, withTo);
            case FieldKind.Date:
                // A bound that leaves parts out means its whole span: "greater than" begins after it, "at most" takes it in.
                return NumericRangeQuery.NewInt64Range(
                    field, LogDocument.PrecisionStep, Date(field, from, roundUp: !withFrom), Date(field, to, roundUp: withTo), withFrom, withTo);
            default:
                return Whole(field, Real(field, from), Real(field, to), withFrom, withTo);
        }
    }

    private Query Exactly(string field, string value, FieldKind kind) => kind switch
    {
        FieldKind.Boolean => value is "true" or "false" ? Whole(field, value is "true" ? 1 : 0, value is "true" ? 1 : 0, true, true)
            : throw ElasticsearchException.Shard("query_shard_exception", $"Can't parse boolean value [{value}], expected [true] or [false]"),
        FieldKind.Date => Range(field, value, value, true, true),
        FieldKind.Long when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact) =>
            NumericRangeQuery.NewInt64Range(field, LogDocument.PrecisionStep, exact, exact, true, true),
        FieldKind.Long when Real(field, value) is { } real && real != Math.Floor(real) => Nothing(),
        _ => Range(field, value, value, true, true),
    };

    // Bounds of whole numbers may be fractions; they are moved to the next whole number inside.
    private static NumericRangeQuery<long> Whole(string field, double? from, double? to, bool withFrom, bool withTo)
    {
        var least = from is { } f ? Inside(withFrom ? Math.Ceiling(f) : Math.Floor(f) + 1) : (long?)null;
        var most = to is { } t ? Inside(withTo ? Math.Floor(t) : Math.Ceiling(t) - 1) : (long?)null;
        return NumericRangeQuery.NewInt64Range(field, LogDocument.PrecisionStep, least, most, true, true);
    }

    private static long Inside(double value) => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;

    private static double? Real(string field, string? text) => text is null ? null
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw ElasticsearchException.Shard("query_shard_exception", $"failed to create query: For input string: \"{text}\" on field [{field}]");

    private long? Date(string field, string? text, bool roundUp) => text is null ? null
        : DateMath.Parse(text, now, roundUp)
        ?? throw ElasticsearchException.Shard("parse_exception", $"failed to parse date field [{text}] of [{field}] with format [strict_date_optional_time||epoch_millis]");

    private DisjunctionMaxQuery InAny(Func<string, Query> make)
    {
        var any = new DisjunctionMaxQuery(0);
        foreach (var (field, kind) in mappings.All)
        {
            if (kind is FieldKind.Text or FieldKind.Keyword && field[0] is not '_')
                any.Add(make(field));
        }

        return any;
    }

    private FieldKind? Kind(string field) => mappings.Find(field);

    private bool IsText(string field) => Kind(field) is FieldKind.Text;

    private bool IsWord(string field) => Kind(field) is FieldKind.Text or FieldKind.Keyword;

    private string Cased(string field, string text) => IsText(field) ? text.ToLowerInvariant() : text;

    private List<string> Words(string text)
    {
        var words = new List<string>();
        using var stream = analyzer.GetTokenStream(Everything, text);
        var word = stream.AddAttribute<ICharTermAttribute>();
        stream.Reset();
        while (stream.IncrementToken())
            words.Add(word.ToString());
        stream.End();
        return words;
    }

    private static BooleanQuery Nothing() => [];
}
