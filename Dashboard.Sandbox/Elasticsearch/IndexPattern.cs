using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>The indices that a request names: names, patterns with <c>*</c>, several with commas, exclusions with a minus.</summary>
internal static class IndexPattern
{
    /// <exception cref="ElasticsearchException">A name is of no index and the request does not tolerate that.</exception>
    public static string[] Resolve(LogIndex index, string? pattern, IQueryCollection url)
    {
        var names = index.Names.ToArray();
        if (pattern is null or "" or "_all" or "*")
            return names;
        var found = new List<string>();
        foreach (var part in pattern.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part is ['-', .. var excluded] && found.Count > 0)
                found.RemoveAll(n => JsonFields.Matches(excluded, n));
            else if (part.Contains('*', StringComparison.Ordinal))
                found.AddRange(names.Where(n => JsonFields.Matches(part, n)));
            else if (index.Has(part))
                found.Add(part);
            else if (url["ignore_unavailable"] != "true")
                throw ElasticsearchException.NoIndex(part);
        }

        return found.Count is 0 && url["allow_no_indices"] == "false"
            ? throw ElasticsearchException.NoIndex(pattern)
            : [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The query, held to some of the indices.</summary>
    public static Query Within(Query query, IReadOnlyCollection<string> indices, LogIndex index)
    {
        if (indices.Count == index.Names.Count())
            return query;
        var any = new BooleanQuery();
        foreach (var name in indices)
            any.Add(new TermQuery(new Term("_index", name)), Occur.SHOULD);
        return new BooleanQuery { { query, Occur.MUST }, { new ConstantScoreQuery(any) { Boost = 0 }, Occur.MUST } };
    }
}
