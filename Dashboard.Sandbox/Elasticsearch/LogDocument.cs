using System.Globalization;
using System.Text.Json;
using Lucene.Net.Documents;
using Lucene.Net.Util;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Turns a JSON document into what Lucene indexes. Objects are flattened to dotted names; dotted names in the document mean the same.</summary>
internal sealed class LogDocument
{
    /// <summary>Holds the names of the document's fields.</summary>
    public const string Names = "_field_names";

    /// <summary>Holds the running number of a live document.</summary>
    public const string Sequence = "_seq";

    public const string Source = "_source";

    /// <summary>Bits by which Lucene's numeric terms get coarser: fewer terms a value than by default.</summary>
    public const int PrecisionStep = 16;

    private const int LongestKeyword = 1_024;

    private readonly FieldMappings _mappings;
    private readonly Document _document = [];
    private readonly List<string> _names = [];

    private LogDocument(FieldMappings mappings) => _mappings = mappings;

    /// <param name="mappings">Learns new fields.</param>
    /// <param name="index">The index it goes to.</param>
    /// <param name="id">Its id.</param>
    /// <param name="source">The JSON as received, an object.</param>
    /// <exception cref="ElasticsearchException">A value does not fit its field.</exception>
    public static Document Read(FieldMappings mappings, string index, string id, ReadOnlyMemory<byte> source)
    {
        using var json = Parse(source);
        var reader = new LogDocument(mappings);
        foreach (var (name, value) in ((string, string)[])[("_id", id), ("_index", index)])
        {
            reader._document.Add(new StoredField(name, value));
            reader._document.Add(new WordField(name, value));
        }

        reader._document.Add(new SortedSetDocValuesField("_index", new BytesRef(index)));
        reader._document.Add(new StoredField(Source, source.ToArray()));
        foreach (var (field, value) in JsonFields.Flatten(json.RootElement))
            reader.Add(field, value);
        reader._document.Add(new WordField(Names, reader._names));
        return reader._document;
    }

    /// <summary>Gives a document the running number by which it is dropped one day.</summary>
    public static void Number(Document document, long sequence) => document.Add(new NumberField(Sequence, sequence));

    private static JsonDocument Parse(ReadOnlyMemory<byte> source)
    {
        try
        {
            var json = JsonDocument.Parse(source);
            return json.RootElement.ValueKind is JsonValueKind.Object ? json : throw new JsonException("It is not an object.");
        }
        catch (JsonException refused)
        {
            throw new ElasticsearchException(400, "document_parsing_exception", $"failed to parse: {refused.Message}");
        }
    }

    private void Add(string field, JsonElement value)
    {
        if (field.Length is 0 || field[0] is '_')
            throw new ElasticsearchException(400, "document_parsing_exception", $"Field [{field}] is a metadata field and cannot be added inside a document.");
        var kind = _mappings.Get(field, Guess(value));
        switch (kind)
        {
            case FieldKind.Text or FieldKind.Keyword:
                AddText(field, value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText(), kind);
                break;
            case FieldKind.Double:
                var real = Number(field, value, kind);
                AddNumber(field, BitConverter.DoubleToInt64Bits(real));
                _document.Add(new NumberField(field, real));
                break;
            default:
                var whole = kind switch
                {
                    FieldKind.Long => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var exact) ? exact : (long)Number(field, value, kind),
                    FieldKind.Boolean => value.ValueKind is JsonValueKind.True || value is { ValueKind: JsonValueKind.String } && value.GetString() is "true" ? 1 : 0,
                    _ => Date(field, value),
                };
                AddNumber(field, whole);
                _document.Add(new NumberField(field, whole));
                break;
        }

        _names.Add(field);
    }

    private void AddText(string field, string text, FieldKind kind)
    {
        if (kind is FieldKind.Text)
        {
            _document.Add(new TextField(field, text, Field.Store.NO));
        }
        else if (text.Length <= LongestKeyword)
        {
            _document.Add(new WordField(field, text));
            _document.Add(new SortedSetDocValuesField(field, new BytesRef(text)));
        }
    }

    // Lucene holds one number a document and field: of several values, the first is aggregated and sorted by; all are found.
    private void AddNumber(string field, long bits)
    {
        if (_document.GetField(field) is null)
            _document.Add(new NumericDocValuesField(field, bits));
    }

    private static FieldKind Guess(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out _) ? FieldKind.Long : FieldKind.Double,
        JsonValueKind.True or JsonValueKind.False => FieldKind.Boolean,
        JsonValueKind.String when IsDate(value.GetString()!) => FieldKind.Date,
        _ => FieldKind.Keyword,
    };

    private static bool IsDate(string text) =>
        text.Length is >= 10 and < 40 && char.IsAsciiDigit(text[0]) && text[4] is '-' && DateMath.Parse(text, DateTimeOffset.UnixEpoch) is not null;

    private static double Number(string field, JsonElement value, FieldKind kind) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => throw Unfit(field, value, kind),
    };

    private static long Date(string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var milliseconds) => milliseconds,
        JsonValueKind.String when DateMath.Parse(value.GetString()!, DateTimeOffset.UnixEpoch) is { } milliseconds => milliseconds,
        _ => throw Unfit(field, value, FieldKind.Date),
    };

    private static ElasticsearchException Unfit(string field, JsonElement value, FieldKind kind) => new(
        400, "document_parsing_exception", $"failed to parse field [{field}] of type [{kind.ToString().ToLowerInvariant()}]: '{value}'");
}
