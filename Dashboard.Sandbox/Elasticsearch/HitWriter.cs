using System.Text.Json;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Writes hits: their source, whole or in part, their fields, their sort values, and texts with the found words marked.</summary>
internal sealed class HitWriter(SearchRequest request, IndexSearcher searcher, SortKeys sort, FieldMappings mappings, Analyzer analyzer, Query query)
{
    private readonly (string Pattern, bool Include)[] _parts = Parts(request.Source);
    private readonly bool _hasSource = request.Source is not { ValueKind: JsonValueKind.False };
    private readonly string[] _marked = request.Highlight is { ValueKind: JsonValueKind.Object } h && h.TryGetProperty("fields", out var fields)
        ? [.. fields.ValueKind is JsonValueKind.Object ? fields.EnumerateObject().Select(f => f.Name) : fields.EnumerateArray().SelectMany(f => f.EnumerateObject()).Select(f => f.Name)]
        : [];

    private HashSet<string>? _words;

    public void Write(Utf8JsonWriter json, Hit hit)
    {
        var document = searcher.Doc(hit.Doc);
        var bytes = document.GetBinaryValue(LogDocument.Source);
        using var source = JsonDocument.Parse(new ReadOnlyMemory<byte>(bytes.Bytes, bytes.Offset, bytes.Length));
        json.WriteStartObject();
        json.WriteString("_index", document.Get("_index"));
        json.WriteString("_id", document.Get("_id"));
        if (sort.ByScore)
            json.WriteNumber("_score", hit.Score);
        else
            json.WriteNull("_score");
        if (_hasSource)
        {
            json.WritePropertyName("_source");
            WriteSource(json, source.RootElement);
        }

        if (request.Fields.Length > 0)
            WriteFields(json, source.RootElement);
        if (_marked.Length > 0)
            WriteMarked(json, source.RootElement);
        if (sort.IsAsked)
            sort.Write(json, hit.Keys);
        json.WriteEndObject();
    }

    private void WriteSource(Utf8JsonWriter json, JsonElement source)
    {
        if (_parts.Length is 0)
        {
            source.WriteTo(json);
            return;
        }

        // Objects come out flat when filtered; a dotted name means the same.
        var includes = _parts.Any(p => p.Include);
        json.WriteStartObject();
        foreach (var field in JsonFields.Flatten(source).GroupBy(f => f.Field))
        {
            var included = !includes || _parts.Any(p => p.Include && Covers(p.Pattern, field.Key));
            if (!included || _parts.Any(p => !p.Include && Covers(p.Pattern, field.Key)))
                continue;
            json.WritePropertyName(field.Key);
            JsonElement[] values = [.. field.Select(f => f.Value)];
            if (values is [var only])
            {
                only.WriteTo(json);
                continue;
            }

            json.WriteStartArray();
            foreach (var value in values)
                value.WriteTo(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // The engine always answers with arrays here, and with dates in their one form.
    private void WriteFields(Utf8JsonWriter json, JsonElement source)
    {
        json.WriteStartObject("fields");
        foreach (var field in JsonFields.Flatten(source).GroupBy(f => f.Field).Where(f => request.Fields.Any(p => JsonFields.Matches(p, f.Key))))
        {
            json.WriteStartArray(field.Key);
            foreach (var (_, value) in field)
            {
                if (mappings.Find(field.Key) is FieldKind.Date && DateMath.Parse(value.ToString(), DateTimeOffset.UnixEpoch) is { } milliseconds)
                    json.WriteStringValue(DateMath.Write(milliseconds));
                else
                    value.WriteTo(json);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteMarked(Utf8JsonWriter json, JsonElement source)
    {
        _words ??= Words();
        var open = false;
        foreach (var (field, value) in JsonFields.Flatten(source))
        {
            if (value.ValueKind is not JsonValueKind.String || !_marked.Any(p => JsonFields.Matches(p, field)) || Mark(value.GetString()!) is not { } marked)
                continue;
            if (!open)
                json.WriteStartObject("highlight");
            open = true;
            json.WriteStartArray(field);
            json.WriteStringValue(marked);
            json.WriteEndArray();
        }

        if (open)
            json.WriteEndObject();
    }

    private HashSet<string> Words()
    {
        var terms = new HashSet<Term>();
        try
        {
            searcher.Rewrite(query).ExtractTerms(terms);
        }
        catch (InvalidOperationException)
        {
            // A query whose terms cannot be listed (a range among others) marks nothing.
        }

        return [.. terms.Where(t => t.Field is not ("_index" or LogDocument.Names)).Select(t => t.Text.ToLowerInvariant())];
    }

    /// <summary>Null where none of the words is in it.</summary>
    private string? Mark(string text)
    {
        using var stream = analyzer.GetTokenStream(FieldQueries.Everything, text);
        var (word, place) = (stream.AddAttribute<ICharTermAttribute>(), stream.AddAttribute<IOffsetAttribute>());
        var (marked, at) = (new System.Text.StringBuilder(), 0);
        stream.Reset();
        while (stream.IncrementToken())
        {
            if (!_words!.Contains(word.ToString()))
                continue;
            marked.Append(text, at, place.StartOffset - at).Append("<em>").Append(text, place.StartOffset, place.EndOffset - place.StartOffset).Append("</em>");
            at = place.EndOffset;
        }

        stream.End();
        return at is 0 ? null : marked.Append(text, at, text.Length - at).ToString();
    }

    private static bool Covers(string pattern, string field) =>
        JsonFields.Matches(pattern, field) || field.StartsWith($"{pattern}.", StringComparison.Ordinal);

    private static (string Pattern, bool Include)[] Parts(JsonElement? source) => source switch
    {
        { ValueKind: JsonValueKind.String } one => [(one.GetString()!, true)],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(p => (p.ToString(), true))],
        { ValueKind: JsonValueKind.Object } both => [.. List(both, "includes", true), .. List(both, "excludes", false)],
        _ => [],
    };

    private static IEnumerable<(string Pattern, bool Include)> List(JsonElement of, string name, bool include) =>
        !of.TryGetProperty(name, out var list) ? []
        : list.ValueKind is JsonValueKind.Array ? list.EnumerateArray().Select(p => (p.ToString(), include))
        : [(list.ToString(), include)];
}
