using System.Text.RegularExpressions;

namespace Dashboard.Core.Kpis.Configuration;

/// <summary>One entry of the <c>Kpis</c> list: it changes a built-in KPI, or adds one.</summary>
internal static partial class KpiEntry
{
    public const string IdExpected = "lower-case words joined by hyphens, such as \"queue-length\"";

    private static readonly string[] Fields =
    [
        "Id", "Name", "ShortName", "Group", "Unit", "Target", "WarningMargin", "Window", "Interval", "Description", "Owner", "LeastSamples", "Source", "Query",
        "Among", "Service", "Samples", "Freshness", "Quantile",
    ];

    /// <summary>The fields that only one source understands.</summary>
    private static readonly (string Field, SourceKind Source)[] Special =
    [
        ("Among", SourceKind.Elasticsearch), ("Service", SourceKind.Jaeger), ("Samples", SourceKind.Prometheus), ("Freshness", SourceKind.Prometheus),
        ("Quantile", SourceKind.Prometheus),
    ];

    public static bool IsId(string? id) => id is not null && IdPattern.IsMatch(id);

    /// <summary>The definition that an entry makes of an existing one, or of nothing; null where a problem was noted that leaves none.</summary>
    public static KpiDefinition? Read(SettingsReader entry, string id, KpiDefinition? existing, ReadingIntervals intervals)
    {
        entry.OnlyKnows(Fields);
        var name = entry.Text("Name", required: existing is null) ?? existing?.Name;
        var unit = entry.Text("Unit", required: existing is null, "a unit such as ms, %, MB or RPS") ?? existing?.Unit;
        var target = entry.Has("Target") || existing is null ? entry.Target("Target", existing?.Target.Comparison) : (existing.Target.Comparison, existing.Target.Value);
        var source = Source(entry, existing);
        var query = source is { } kind ? Query(entry, kind, existing) : null;
        var window = entry.Duration("Window", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)) ?? existing?.Window ?? TimeSpan.FromMinutes(5);
        var interval = entry.Duration("Interval", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        var margin = target is { } t && unit is not null ? entry.Margin("WarningMargin", t.Comparison, t.Value, unit) : null;
        var shortName = entry.Text("ShortName") ?? (entry.Has("Name") ? name : existing?.ShortName);
        var group = entry.Text("Group", expected: "a heading") ?? existing?.Group ?? "Other";
        var description = entry.Text("Description") ?? existing?.Description ?? "";
        var owner = entry.Text("Owner") ?? existing?.Owner ?? "";
        var least = entry.Count("LeastSamples") ?? existing?.LeastSamples ?? 0;
        if (name is null || unit is null || target is not { } goal || query is null)
            return null;

        // A margin that was not written follows the target and the unit.
        var unchanged = existing is not null && existing.Target.Comparison == goal.Comparison && existing.Target.Value.Equals(goal.Value) && existing.Unit == unit;
        return new KpiDefinition
        {
            Id = id,
            Name = name,
            ShortName = shortName ?? name,
            Group = group,
            Unit = unit,
            Target = new KpiTarget(goal.Comparison, goal.Value, margin ?? (unchanged ? existing!.Target.Margin : KpiMargin.Default(goal.Comparison, goal.Value, unit))),
            Query = query,
            Window = window,
            Interval = interval ?? (existing is not null && existing.Window == window && existing.Query.Source == query.Source
                ? existing.Interval
                : intervals.For(query.Source, window)),
            Description = description,
            Owner = owner,
            LeastSamples = least,
        };
    }

    private static SourceKind? Source(SettingsReader entry, KpiDefinition? existing)
    {
        const string Expected = "prometheus, jaeger, elasticsearch or postgres";
        if (!entry.Has("Source") && existing is not null)
            return existing.Query.Source;
        if (entry.Text("Source", required: true, Expected) is not { } text)
            return null;
        foreach (var kind in Enum.GetValues<SourceKind>())
        {
            if (kind.ToWire() == text)
                return kind;
        }

        entry.Expected("Source", Expected);
        return null;
    }

    private static KpiQuery? Query(SettingsReader entry, SourceKind source, KpiDefinition? existing)
    {
        foreach (var (field, only) in Special)
        {
            if (only != source && entry.Has(field))
                entry.Expected(field, $"nothing, since only {only.ToWire()} has it");
        }

        return source switch
        {
            SourceKind.Prometheus => PromQl(entry, existing?.Query as KpiQuery.PromQl),
            SourceKind.Jaeger => SlowestTrace(entry, existing?.Query as KpiQuery.SlowestTrace),
            SourceKind.Elasticsearch => LogShare(entry, existing?.Query as KpiQuery.LogShare),
            _ => Sql(entry, existing?.Query as KpiQuery.Sql),
        };
    }

    private static KpiQuery.PromQl? PromQl(SettingsReader entry, KpiQuery.PromQl? before)
    {
        var expression = entry.Template("Query", required: before is null);
        var samples = entry.Template("Samples");
        var freshness = entry.Series("Freshness");
        var quantile = entry.Number("Quantile", q => q is > 0 and < 1, "a number between 0 and 1, such as 0.95");
        if (expression is null)
            return before is null || entry.Has("Query") ? null : before with { Samples = samples ?? before.Samples, Freshness = freshness ?? before.Freshness, Quantile = quantile ?? before.Quantile };

        // What stood beside the old expression says nothing of a new one.
        var query = new KpiQuery.PromQl(expression, quantile ?? QuantileIn(expression), samples, freshness);
        if (freshness is null && !entry.Has("Freshness") && !SelectsSeries(expression))
        {
            entry.Expected("Query", "an expression that selects at least one series, or a Freshness that does: otherwise nothing tells how old the value is");
            return null;
        }

        return query;
    }

    private static KpiQuery.SlowestTrace? SlowestTrace(SettingsReader entry, KpiQuery.SlowestTrace? before)
    {
        if (entry.Has("Query"))
            entry.Expected("Query", "nothing: a KPI from traces is the slowest request of its Service");
        return new(entry.Text("Service", expected: "a service's name") ?? before?.Service, before?.Buckets);
    }

    private static KpiQuery.LogShare? LogShare(SettingsReader entry, KpiQuery.LogShare? before)
    {
        const string Expected = "a query in the query-string syntax of Elasticsearch, such as error.type:timeout";
        var matching = entry.Text("Query", required: before is null, Expected) ?? before?.Matching;
        var among = entry.Text("Among", expected: Expected) ?? before?.Among ?? "*";
        return matching is null ? null : new(matching, among);
    }

    private static KpiQuery.Sql? Sql(SettingsReader entry, KpiQuery.Sql? before)
    {
        const string Expected = "one select statement with the parameters @from and @to";
        if (entry.Text("Query", required: before is null, Expected) is not { } statement)
            return entry.Has("Query") ? null : before;
        if (SelectPattern.IsMatch(statement) && statement.Contains("@from", StringComparison.Ordinal) && statement.Contains("@to", StringComparison.Ordinal))
            return new(statement);

        entry.Expected("Query", Expected);
        return null;
    }

    private static bool SelectsSeries(string template) =>
        Dialects.PromQlOutline.Of(Dialects.PromQlTemplate.Expand(template, Dialects.KnownDialects.OpenTelemetry, "job=\"x\"", TimeSpan.FromMinutes(5))).Selectors.Length > 0;

    private static double? QuantileIn(string expression) =>
        QuantilePattern.Match(expression) is { Success: true } match
        && double.TryParse(match.Groups["q"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture, out var quantile) && quantile is > 0 and < 1
            ? quantile
            : null;

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern { get; }

    [GeneratedRegex(@"^\s*(select|with)\s", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SelectPattern { get; }

    [GeneratedRegex(@"histogram_quantile\(\s*(?<q>[0-9.]+)\s*,", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuantilePattern { get; }
}
