using System.Collections.Immutable;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Core.Kpis.Dialects;

/// <summary>What can be told of a PromQL expression by looking at it: which series it reads, over which ranges, and whether its brackets close.</summary>
/// <param name="Selectors">The series it selects, each once, in order: <c>up{job="a"}</c>.</param>
/// <param name="Ranges">The ranges of its range vectors and subqueries (<c>[5m]</c>), each once.</param>
/// <param name="Problem">Why it cannot be an expression, as the end of a sentence; null where nothing is wrong at first sight.</param>
public sealed record PromQlOutline(ImmutableArray<string> Selectors, ImmutableArray<TimeSpan> Ranges, string? Problem)
{
    private static readonly HashSet<string> Grouping = new(["by", "without", "on", "ignoring", "group_left", "group_right"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Words = new(
        [
            "and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "sum", "min", "max", "avg", "count", "count_values", "stddev", "stdvar", "topk",
            "bottomk", "quantile", "group", "limitk", "limit_ratio",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a filled expression (see <see cref="PromQlTemplate.Expand"/>).</summary>
    public static PromQlOutline Of(string expression)
    {
        var selectors = new List<string>();
        var ranges = new List<TimeSpan>();
        var open = new Stack<char>();
        var at = 0;
        while (at < expression.Length)
        {
            var c = expression[at];
            if (c is '"' or '\'' or '`')
            {
                if (EndOfString(expression, at) is not { } end)
                    return Wrong("a quoted string is not closed");
                at = end;
            }
            else if (c is '#')
            {
                at = expression.IndexOf('\n', at) is var line and >= 0 ? line + 1 : expression.Length;
            }
            else if (c is '{')
            {
                if (EndOfBraces(expression, at) is not { } end)
                    return Wrong("a { is not closed");
                selectors.Add(expression[at..end]);
                at = end;
            }
            else if (c is '[')
            {
                var end = expression.IndexOf(']', at);
                if (end < 0)
                    return Wrong("a [ is not closed");
                if (KpiDuration.TryParse(expression[(at + 1)..end].Split(':')[0], out var range))
                    ranges.Add(range);
                at = end + 1;
            }
            else if (c is '(')
            {
                open.Push(c);
                at++;
            }
            else if (c is ')')
            {
                if (!open.TryPop(out _))
                    return Wrong("a ) closes nothing");
                at++;
            }
            else if (c is '}' or ']')
            {
                return Wrong($"a {c} closes nothing");
            }
            else if (char.IsAsciiDigit(c))
            {
                while (at < expression.Length && (char.IsAsciiLetterOrDigit(expression[at]) || expression[at] is '.' or '_'))
                    at++;
            }
            else if (IsNameStart(c))
            {
                var end = at + 1;
                while (end < expression.Length && (IsNameStart(expression[end]) || char.IsAsciiDigit(expression[end])))
                    end++;
                var name = expression[at..end];
                var next = end;
                while (next < expression.Length && char.IsWhiteSpace(expression[next]))
                    next++;
                var follows = next < expression.Length ? expression[next] : '\0';
                at = end;
                if (Grouping.Contains(name))
                {
                    if (follows is '(' && expression.IndexOf(')', next) is var close and >= 0)
                        at = close + 1;
                }
                else if (follows is '{')
                {
                    if (EndOfBraces(expression, next) is not { } braces)
                        return Wrong("a { is not closed");
                    selectors.Add(name + expression[next..braces]);
                    at = braces;
                }
                else if (follows is not '(' && !Words.Contains(name))
                {
                    selectors.Add(name);
                }
            }
            else
            {
                at++;
            }
        }

        return open.Count > 0 ? Wrong("a ( is not closed") : new([.. selectors.Distinct()], [.. ranges.Distinct()], null);

        static PromQlOutline Wrong(string problem) => new([], [], problem);
    }

    /// <summary>The argument of the first <c>histogram_quantile</c> in the expression, its buckets by <c>le</c>; null where there is none.</summary>
    public static string? BucketsIn(string expression)
    {
        const string Function = "histogram_quantile(";
        var start = expression.IndexOf(Function, StringComparison.Ordinal);
        var comma = start < 0 ? -1 : expression.IndexOf(',', start);
        if (comma < 0)
            return null;

        var depth = 1;
        for (var at = comma + 1; at < expression.Length; at++)
        {
            if (expression[at] is '"' or '\'' or '`')
            {
                if (EndOfString(expression, at) is not { } end)
                    return null;
                at = end - 1;
            }
            else if (expression[at] is '(')
            {
                depth++;
            }
            else if (expression[at] is ')' && --depth == 0)
            {
                return expression[(comma + 1)..at].Trim();
            }
        }

        return null;
    }

    /// <summary>The metric's name in a selector; null where it is only matched by labels.</summary>
    public static string? MetricOf(string selector)
    {
        var brace = selector.IndexOf('{', StringComparison.Ordinal);
        if (brace != 0)
            return brace < 0 ? selector : selector[..brace];

        return selector.Length > 2 && selector[1] is '"' && EndOfString(selector, 1) is { } end ? selector[2..(end - 1)] : null;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or ':';

    private static int? EndOfString(string text, int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] is '\\' && text[start] is not '`')
                at++;
            else if (text[at] == text[start])
                return at + 1;
        }

        return null;
    }

    private static int? EndOfBraces(string text, int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] is '"' or '\'' or '`')
            {
                if (EndOfString(text, at) is not { } end)
                    return null;
                at = end - 1;
            }
            else if (text[at] is '}')
            {
                return at + 1;
            }
        }

        return null;
    }
}
