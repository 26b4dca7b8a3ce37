using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Kind = Lucene.Net.Documents.NumericType;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// A field of whole words, not to be split. Lucene makes a token stream for each field of each document, which costs more than indexing the word; since the fields of a
/// document are read one after the other, one stream for each thread does.
/// </summary>
internal sealed class WordField(string name, params IReadOnlyList<string> words) : Field(name, StringField.TYPE_NOT_STORED)
{
    [ThreadStatic]
    private static WordStream? _shared;

    public override TokenStream GetTokenStream(Analyzer analyzer)
    {
        _shared ??= new WordStream();
        _shared.Words = words;
        return _shared;
    }

    private sealed class WordStream : TokenStream
    {
        private readonly ICharTermAttribute _term;
        private int _given;

        public WordStream() => _term = AddAttribute<ICharTermAttribute>();

        public IReadOnlyList<string> Words { get; set; } = [];

        public override void Reset() => _given = 0;

        public override bool IncrementToken()
        {
            if (_given == Words.Count)
                return false;
            ClearAttributes();
            _term.SetEmpty().Append(Words[_given++]);
            return true;
        }
    }
}

/// <summary>A field of one number, for the same reason with one stream for each thread.</summary>
internal sealed class NumberField : Field
{
    private static readonly FieldType Whole = Type(Kind.INT64);
    private static readonly FieldType Real = Type(Kind.DOUBLE);

    [ThreadStatic]
    private static NumericTokenStream? _shared;

    private readonly long _whole;
    private readonly double? _real;

    public NumberField(string name, long value)
        : base(name, Whole) => _whole = value;

    public NumberField(string name, double value)
        : base(name, Real) => _real = value;

    public override TokenStream GetTokenStream(Analyzer analyzer)
    {
        _shared ??= new NumericTokenStream(LogDocument.PrecisionStep);
        return _real is { } real ? _shared.SetDoubleValue(real) : _shared.SetInt64Value(_whole);
    }

    private static FieldType Type(Kind type)
    {
        var made = new FieldType
        {
            IsIndexed = true, IsTokenized = false, OmitNorms = true, IndexOptions = IndexOptions.DOCS_ONLY, NumericType = type,
            NumericPrecisionStep = LogDocument.PrecisionStep,
        };
        made.Freeze();
        return made;
    }
}
