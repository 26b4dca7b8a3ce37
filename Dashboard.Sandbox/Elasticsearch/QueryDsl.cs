using System.Text.Json;
using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Reads the query language of JSON objects. Its recursion goes as deep as the document, which the parser bounds at 64.</summary>
internal sealed class QueryDsl(FieldQueries fields)
{
    /// <exception cref="ElasticsearchException">It is no query that is known here.</exception>
    public Query Read(JsonElement query)
    {
        if (query.ValueKind is not JsonValueKind.Object)
            throw ElasticsearchException.Parsing("[_na] query malformed, must start with start_object");
        var members = query.EnumerateObject().ToArray();
        if (members is not [var member])
            throw ElasticsearchException.Parsing(members.Length is 0 ? "query malformed, empty clause found" : "[bool] malformed query, expected [END_OBJECT] but found [FIELD_NAME]");
        var body = member.Value;
        return member.Name switch
        {
            "match_all" => new MatchAllDocsQuery(),
            "match_none" => new BooleanQuery(),
            "bool" => Bool(body),
            "constant_score" => new ConstantScoreQuery(Read(Required(body, "filter", "constant_score"))),
            "query_string" or "simple_query_string" => QueryString(body),
            "term" => OnField(body, "term", (field, value) => fields.Term(field, Text(Inner(value, "value")))),
            "terms" => OnField(body, "terms", (field, values) => Terms(field, values)),
            "match" => OnField(body, "match", (field, value) => fields.Match(field, Text(Inner(value, "query")), IsAnd(value))),
            "match_phrase" => OnField(body, "match_phrase", (field, value) => fields.Phrase(field, Text(Inner(value, "query")), Slop(value))),
            "multi_match" => MultiMatch(body),
            "prefix" => OnField(body, "prefix", (field, value) => fields.Prefix(field, Text(Inner(value, "value")))),
            "wildcard" => OnField(body, "wildcard", (field, value) => fields.Wildcard(field, Text(Inner(value, "value", "wildcard")))),
            "range" => OnField(body, "range", Range),
            "exists" => FieldQueries.Exists(Text(Required(body, "field", "exists"))),
            "ids" => Ids(Required(body, "values", "ids")),
            var unknown => throw ElasticsearchException.Parsing($"unknown query [{unknown}]"),
        };
    }

    private BooleanQuery Bool(JsonElement body)
    {
        var query = new BooleanQuery();
        var (required, should) = (0, 0);
        foreach (var member in Object(body, "bool"))
        {
            switch (member.Name)
            {
                case "must" or "filter":
                    foreach (var clause in OneOrMany(member.Value))
                    {
                        var read = Read(clause);
                        query.Add(member.Name is "filter" ? new ConstantScoreQuery(read) { Boost = 0 } : read, Occur.MUST);
                        required++;
                    }

                    break;
                case "must_not":
                    foreach (var clause in OneOrMany(member.Value))
                        query.Add(Read(clause), Occur.MUST_NOT);
                    break;
                case "should":
                    foreach (var clause in OneOrMany(member.Value))
                    {
                        query.Add(Read(clause), Occur.SHOULD);
                        should++;
                    }

                    break;
                case "minimum_should_match":
                    query.MinimumNumberShouldMatch = int.TryParse(Text(member.Value), out var least) ? least
                        : throw ElasticsearchException.Parsing("[bool] minimum_should_match has to be a number here");
                    break;
                case "boost" or "_name" or "adjust_pure_negative":
                    break;
                default:
                    throw ElasticsearchException.Parsing($"[bool] query does not support [{member.Name}]");
            }
        }

        // Lucene matches nothing without a positive clause; here, exclusions alone (or nothing at all) start from everything.
        if (required + should is 0)
            query.Add(new MatchAllDocsQuery(), Occur.MUST);
        return query;
    }

    private Query QueryString(JsonElement body)
    {
        var text = Text(Required(body, "query", "query_string"));
        string[] defaults = body.TryGetProperty("fields", out var named) ? [.. OneOrMany(named).Select(f => Text(f).Split('^')[0])]
            : body.TryGetProperty("default_field", out var one) && Text(one) is not "*" ? [Text(one)]
            : [];
        return QueryText.Read(fields, text, defaults.Contains("*") ? [] : defaults, IsAnd(body, "default_operator"));
    }

    private BooleanQuery Terms(string field, JsonElement values)
    {
        var any = new BooleanQuery();
        if (values.ValueKind is not JsonValueKind.Array)
            throw ElasticsearchException.Parsing("[terms] query requires an array of terms");
        foreach (var value in values.EnumerateArray())
            Try(() => any.Add(fields.Term(field, Text(value)), Occur.SHOULD));
        return any;
    }

    private Query MultiMatch(JsonElement body)
    {
        var text = Text(Required(body, "query", "multi_match"));
        if (!body.TryGetProperty("fields", out var named))
            return fields.Match(FieldQueries.Everything, text, IsAnd(body));
        var any = new BooleanQuery();
        foreach (var field in OneOrMany(named).Select(f => Text(f).Split('^')[0]))
            any.Add(body.TryGetProperty("type", out var type) && Text(type) is "phrase" ? fields.Phrase(field, text, 0) : fields.Match(field, text, IsAnd(body)), Occur.SHOULD);
        return any;
    }

    private Query Range(string field, JsonElement body)
    {
        var (from, to, withFrom, withTo) = ((string?)null, (string?)null, true, true);
        foreach (var member in Object(body, "range"))
        {
            var bound = member.Value.ValueKind is JsonValueKind.Null ? null : Text(member.Value);
            switch (member.Name)
            {
                case "gte" or "gt":
                    (from, withFrom) = (bound, member.Name is "gte");
                    break;
                case "lte" or "lt":
                    (to, withTo) = (bound, member.Name is "lte");
                    break;
                case "format" or "boost" or "relation":
                    break;
                case "time_zone" when bound is "UTC" or "Z" or "+00:00":
                    break;
                default:
                    throw ElasticsearchException.Parsing($"[range] query does not support [{member.Name}]");
            }
        }

        return from is null && to is null ? FieldQueries.Exists(field) : fields.Range(field, from, to, withFrom, withTo);
    }

    private static BooleanQuery Ids(JsonElement values)
    {
        var any = new BooleanQuery();
        foreach (var id in OneOrMany(values))
            Try(() => any.Add(new TermQuery(new Term("_id", Text(id))), Occur.SHOULD));
        return any;
    }

    private static void Try(Action add)
    {
        try
        {
            add();
        }
        catch (BooleanQuery.TooManyClausesException)
        {
            throw ElasticsearchException.Shard("too_many_clauses", $"maxClauseCount is set to {BooleanQuery.MaxClauseCount}");
        }
    }

    private static Query OnField(JsonElement body, string query, Func<string, JsonElement, Query> make)
    {
        var members = Object(body, query).Where(m => m.Name is not ("boost" or "_name")).ToArray();
        return members is [var member]
            ? make(member.Name, member.Value)
            : throw ElasticsearchException.Parsing($"[{query}] query doesn't support multiple fields");
    }

    /// <summary>The value itself, or the member of the long form.</summary>
    private static JsonElement Inner(JsonElement value, params string[] names)
    {
        if (value.ValueKind is not JsonValueKind.Object)
            return value;
        foreach (var name in names)
        {
            if (value.TryGetProperty(name, out var inner))
                return inner;
        }

        throw ElasticsearchException.Parsing($"[{names[0]}] is missing");
    }

    private static bool IsAnd(JsonElement value, string name = "operator") =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var op) && Text(op).Equals("and", StringComparison.OrdinalIgnoreCase);

    private static int Slop(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty("slop", out var slop) && slop.TryGetInt32(out var words) ? words : 0;

    private static JsonElement Required(JsonElement body, string name, string query) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var member)
            ? member
            : throw ElasticsearchException.Parsing($"[{query}] must be provided with a [{name}]");

    private static JsonElement.ObjectEnumerator Object(JsonElement body, string query) =>
        body.ValueKind is JsonValueKind.Object ? body.EnumerateObject() : throw ElasticsearchException.Parsing($"[{query}] query malformed, no start_object after query name");

    private static JsonElement[] OneOrMany(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw ElasticsearchException.Parsing($"a value was expected, found {value.ValueKind}"),
    };
}
