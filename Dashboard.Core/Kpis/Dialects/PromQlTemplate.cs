using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Core.Kpis.Dialects;

/// <summary>
/// Fills a PromQL template: <c>$window</c> and <c>$resolution</c> (the step at which subqueries look into the window), <c>$selector</c> (the label matchers of the
/// monitored service) and the dialect's names. A pure function; what comes out is exactly what is sent.
/// </summary>
public static partial class PromQlTemplate
{
    private static readonly FrozenSet<string> Free = FrozenSet.Create(StringComparer.Ordinal, "window", "resolution", "selector");

    private static readonly FrozenDictionary<string, Func<MetricDialect, string>> Names = new Dictionary<string, Func<MetricDialect, string>>(StringComparer.Ordinal)
    {
        ["duration_bucket"] = d => d.Duration + "_bucket",
        ["duration_sum"] = d => d.Duration + "_sum",
        ["duration_count"] = d => d.Duration + "_count",
        ["requests"] = d => d.Requests,
        ["users"] = d => d.Users,
        ["status"] = d => d.Status,
        ["route"] = d => d.Route,
        ["failed"] = d => d.Failed,
        ["pool_usage"] = d => d.Pool.Usage,
        ["pool_series"] = d => d.Pool.Series,
        ["memory_bytes"] = d => d.Memory.Bytes,
        ["memory_series"] = d => d.Memory.Series,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Metrics =
        FrozenSet.Create(StringComparer.Ordinal, "duration_bucket", "duration_sum", "duration_count", "requests", "users");

    private static readonly FrozenSet<string> Labels = FrozenSet.Create(StringComparer.Ordinal, "status", "route");

    /// <summary>The variables a template may use, without their <c>$</c>.</summary>
    public static ImmutableArray<string> Variables { get; } = [.. Free.Order(StringComparer.Ordinal), .. Names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The variables of a template that do not exist.</summary>
    public static ImmutableArray<string> UnknownIn(string template) =>
        [.. Variable.Matches(template).Select(m => m.Groups["name"].Value).Where(n => !Free.Contains(n) && !Names.ContainsKey(n)).Distinct(StringComparer.Ordinal)];

    /// <summary>True where the template cannot be filled without knowing the dialect.</summary>
    public static bool NeedsDialect(string template) => Variable.Matches(template).Any(m => Names.ContainsKey(m.Groups["name"].Value));

    /// <summary>Fills a template.</summary>
    /// <param name="template">See the class.</param>
    /// <param name="dialect">May be null where the template does not need one.</param>
    /// <param name="selector">Label matchers without braces (<c>job="reconciliation-api"</c>); may be empty.</param>
    /// <param name="window">The span to look back over.</param>
    /// <exception cref="ArgumentException">The template names a variable that does not exist, or needs a dialect and there is none.</exception>
    public static string Expand(string template, MetricDialect? dialect, string selector, TimeSpan window)
    {
        // A dialect's own templates use the variables above, so a second pass fills what the first brought in. Deeper they do not go.
        var text = template;
        for (var pass = 0; pass < 3 && Variable.IsMatch(text); pass++)
            text = Pass(text, dialect, selector, window);
        return text;
    }

    /// <summary>The step of a window's subqueries: fine enough for a window of minutes, few enough steps for one of weeks.</summary>
    public static TimeSpan Resolution(TimeSpan window)
    {
        var step = TimeSpan.FromSeconds(Math.Round(window.TotalSeconds / 240));
        return step < TimeSpan.FromSeconds(15) ? TimeSpan.FromSeconds(Math.Clamp(Math.Floor(window.TotalSeconds / 4), 1, 15)) : step;
    }

    private static string Pass(string template, MetricDialect? dialect, string selector, TimeSpan window) => Variable.Replace(template, match =>
    {
        var name = match.Groups["name"].Value;
        var after = match.Groups["after"].Value;
        if (name is "window")
            return KpiDuration.Format(window) + after;
        if (name is "resolution")
            return KpiDuration.Format(Resolution(window)) + after;
        if (name is "selector")
            return selector.Length > 0 ? selector + after : after is "," ? "" : after;
        if (!Names.TryGetValue(name, out var named))
            throw new ArgumentException($"There is no variable ${name}.", nameof(template));
        if (dialect is null)
            throw new ArgumentException($"${name} needs a dialect.", nameof(dialect));

        var value = named(dialect);
        if (Legacy.IsMatch(value) || !(Metrics.Contains(name) || Labels.Contains(name)))
            return value + after;

        // Names with dots are quoted; a metric's then stands inside the braces.
        return Labels.Contains(name) ? $"\"{value}\"{after}" : after is "{" ? $"{{\"{value}\"," : $"{{\"{value}\"}}{after}";
    });

    [GeneratedRegex(@"\$(?<name>[a-z_]+)(?<after>[{,]?)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable { get; }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Legacy { get; }
}
