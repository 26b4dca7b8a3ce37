using System.Collections.Immutable;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Web.Formatting;

namespace Dashboard.Web.SourcesPage;

/// <summary>How a source is doing, in the four ways that matter to a reader.</summary>
public enum SourceCondition
{
    /// <summary>Not asked yet.</summary>
    Unknown,

    Answers,

    /// <summary>It answers, but something does not work with it.</summary>
    Limited,

    Fails,
}

/// <summary>One source as the page shows it.</summary>
/// <param name="Facts">What is known of it, in order: name and value.</param>
/// <param name="Kpis">The KPIs that are read from it, in the scorecard's order.</param>
public sealed record SourceView(
    SourceState State, SourceCondition Condition, ImmutableArray<KeyValuePair<string, string>> Facts, ImmutableArray<KpiState> Kpis)
{
    public SourceKind Source => State.Source;

    public string Word => Condition switch
    {
        SourceCondition.Answers => "Answers",
        SourceCondition.Limited => "Answers, with limits",
        SourceCondition.Fails => "Does not answer",
        _ => "Not asked yet",
    };

    /// <summary>The same meaning as a KPI's status, for the same icons and colours.</summary>
    public KpiStatus Look => Condition switch
    {
        SourceCondition.Answers => KpiStatus.Met,
        SourceCondition.Limited => KpiStatus.AtRisk,
        SourceCondition.Fails => KpiStatus.SourceDown,
        _ => KpiStatus.NoData,
    };

    /// <summary>All sources of a scorecard; before the first one, those that will be asked.</summary>
    public static ImmutableArray<SourceView> All(Scorecard scorecard, IEnumerable<ISourceProbe> probes) => scorecard.Sources is { IsDefaultOrEmpty: false } sources
        ? [.. sources.Select(s => Of(s, scorecard))]
        : [.. probes.OrderBy(p => p.Source).Select(p => Of(new SourceState { Source = p.Source, Address = p.Address }, scorecard))];

    public static SourceView Of(SourceState source, Scorecard scorecard)
    {
        var condition = source.Reachable switch
        {
            null => SourceCondition.Unknown,
            false => SourceCondition.Fails,
            true when source.Degraded.IsDefaultOrEmpty => SourceCondition.Answers,
            true => SourceCondition.Limited,
        };
        List<KeyValuePair<string, string>> facts = [new("Version", source.Version ?? "not told")];
        if (source.Dialect is { Length: > 0 } dialect)
            facts.Add(new("Dialect", dialect));
        facts.Add(new("Latency", source.Latency is { } latency ? SpanText.Latency(latency) : "not known"));
        facts.Add(new("Clock", Clock(source.ClockSkew)));
        return new SourceView(source, condition, [.. facts], [.. source.Kpis.Select(scorecard.Find).OfType<KpiState>()]);
    }

    /// <summary>The page's answer in one sentence.</summary>
    public static string Headline(ImmutableArray<SourceView> sources)
    {
        var failing = sources.Where(s => s.Condition is SourceCondition.Fails).Select(s => s.Source.Title()).ToList();
        var asked = sources.Count(s => s.Condition is not SourceCondition.Unknown);
        return (asked, failing) switch
        {
            (0, _) => "The sources are being asked for the first time",
            (_, []) when asked == sources.Length => $"All {sources.Length} sources answer",
            (_, []) => $"{asked} of {sources.Length} sources answer so far",
            (_, [var only]) => $"{only} does not answer",
            _ => $"{string.Join(", ", failing[..^1])} and {failing[^1]} do not answer",
        };
    }

    private static string Clock(TimeSpan? skew) => skew switch
    {
        null => "not told",
        { } even when even.Duration() < TimeSpan.FromSeconds(1) => "in step with ours",
        { } ahead when ahead > TimeSpan.Zero => $"{SpanText.Age(ahead)} ahead of ours",
        { } behind => $"{SpanText.Age(behind.Duration())} behind ours",
    };
}
