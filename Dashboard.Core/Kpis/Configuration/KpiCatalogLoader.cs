using System.Text.RegularExpressions;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Settings;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Core.Kpis.Configuration;

/// <summary>Makes the catalogue from the built-in KPIs and the settings (<c>Kpis</c>, <c>Metrics</c>, <c>Collection:Intervals</c>).</summary>
public static partial class KpiCatalogLoader
{
    public const string Section = "Kpis";

    /// <summary>The catalogue: the built-in KPIs in their order with the changes of the settings, then those the settings add, in theirs.</summary>
    /// <exception cref="SettingsException">Something in the settings is wrong; it tells all that is.</exception>
    public static KpiCatalog Load(IConfiguration configuration)
    {
        var problems = new List<string>();
        var intervals = Intervals(configuration, problems);
        var metrics = Metrics(configuration, problems);
        var kpis = BuiltInKpis.With(intervals, metrics).ToList();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var list = configuration.GetSection(Section);
        if (!string.IsNullOrEmpty(list.Value))
            problems.Add($"{Section}: found \"{list.Value}\", expected a list of entries, each an object with an Id.");

        foreach (var child in list.GetChildren())
        {
            var id = child["Id"]?.Trim();
            var title = KpiEntry.IsId(id) ? $"{Section}[{child.Key}] ({id})" : $"{Section}[{child.Key}]";
            var entry = new SettingsReader(child, title, problems);
            if (!KpiEntry.IsId(id))
            {
                entry.Expected("Id", KpiEntry.IdExpected);
                continue;
            }

            if (!seen.TryAdd(id!, title))
            {
                problems.Add($"{title}, Id: the entry {seen[id!]} has it already, expected each KPI once.");
                continue;
            }

            var at = kpis.FindIndex(k => k.Id == id);
            if (KpiEntry.Read(entry, id!, at < 0 ? null : kpis[at], intervals) is not { } kpi)
                continue;
            if (at < 0)
                kpis.Add(kpi);
            else
                kpis[at] = kpi;
        }

        return problems.Count is 0 ? new KpiCatalog([.. kpis]) : throw new SettingsException([.. problems]);
    }

    /// <summary>How the service is found among the metrics.</summary>
    /// <exception cref="SettingsException">Something in the settings is wrong; it tells all that is.</exception>
    public static MetricSettings LoadMetricSettings(IConfiguration configuration)
    {
        var problems = new List<string>();
        var settings = Metrics(configuration, problems);
        return problems.Count is 0 ? settings : throw new SettingsException([.. problems]);
    }

    private static MetricSettings Metrics(IConfiguration configuration, List<string> problems)
    {
        var section = configuration.GetSection(MetricSettings.Section);
        var reader = new SettingsReader(section, MetricSettings.Section, problems);
        reader.OnlyKnows(["Dialect", "Selector", "ConcurrentUsers", "ScrapeInterval"]);
        var standard = new MetricSettings();

        // Empty means "not set": that is how a setting is taken back by an environment variable.
        var dialect = string.IsNullOrWhiteSpace(section["Dialect"]) || section["Dialect"] is "auto" ? null : section["Dialect"]!.Trim();
        if (dialect is not null && KnownDialects.Find(dialect) is null)
            reader.Expected("Dialect", $"auto or one of {string.Join(", ", KnownDialects.All.Select(d => d.Id))}");

        var selector = section["Selector"]?.Trim() ?? standard.Selector;
        if (!SelectorPattern.IsMatch(selector))
            reader.Expected("Selector", "label matchers without braces, such as job=\"reconciliation-api\"");

        return standard with
        {
            Dialect = dialect,
            Selector = selector,
            ConcurrentUsers = string.IsNullOrWhiteSpace(section["ConcurrentUsers"]) ? null : reader.Template("ConcurrentUsers"),
            ScrapeInterval = reader.Duration("ScrapeInterval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
    }

    private static ReadingIntervals Intervals(IConfiguration configuration, List<string> problems)
    {
        var section = configuration.GetSection(ReadingIntervals.Section);
        var reader = new SettingsReader(section, ReadingIntervals.Section, problems);
        reader.OnlyKnows([.. Enum.GetNames<SourceKind>()]);
        var standard = new ReadingIntervals();
        return new ReadingIntervals
        {
            Prometheus = Interval(SourceKind.Prometheus) ?? standard.Prometheus,
            Jaeger = Interval(SourceKind.Jaeger) ?? standard.Jaeger,
            Elasticsearch = Interval(SourceKind.Elasticsearch) ?? standard.Elasticsearch,
            Postgres = Interval(SourceKind.Postgres) ?? standard.Postgres,
        };

        TimeSpan? Interval(SourceKind source) => reader.Duration(source.ToString(), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }

    [GeneratedRegex("""^(\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=|!=|=~|!~)\s*"([^"\\]|\\.)*"\s*(,(?!\s*$)|$))*$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SelectorPattern { get; }
}
