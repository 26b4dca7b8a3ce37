using System.Collections.Immutable;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Scorecards;

/// <summary>The page's answer in words: how many targets are met, which are missed (worst first), close to it, or not known.</summary>
public sealed record HeadlineView
{
    public required string Title { get; init; }

    public ImmutableArray<Mention> Missed { get; init; } = [];

    public ImmutableArray<Mention> AtRisk { get; init; } = [];

    public ImmutableArray<Mention> NotKnown { get; init; } = [];

    /// <summary>A KPI named in the sentence.</summary>
    /// <param name="Id">Its id, which is also its place on the page.</param>
    /// <param name="Name">Its name as it reads inside a sentence.</param>
    /// <param name="Since">Since when it is so; told for missed targets.</param>
    /// <param name="Why">Why it is not known, in a word or two; "" elsewhere.</param>
    public sealed record Mention(string Id, string Name, DateTimeOffset Since, string Why);

    public static HeadlineView Of(ImmutableArray<KpiState> kpis)
    {
        if (kpis.IsDefaultOrEmpty)
            return new HeadlineView { Title = "No KPIs are configured" };

        var met = kpis.Count(k => k.Status is KpiStatus.Met);
        return new HeadlineView
        {
            Title = met == kpis.Length ? $"All {met} targets met" : $"{met} of {kpis.Length} targets met",
            Missed = [.. kpis.Where(k => k.Status is KpiStatus.Missed).OrderByDescending(MissOf).Select(k => MentionOf(k, ""))],
            AtRisk = [.. kpis.Where(k => k.Status is KpiStatus.AtRisk).Select(k => MentionOf(k, ""))],
            NotKnown = [.. kpis.Where(k => !k.Status.IsKnown()).Select(k => MentionOf(k, WhyUnknown(k)))],
        };
    }

    /// <summary>Before the first collection.</summary>
    public static HeadlineView Waiting { get; } = new() { Title = "Waiting for the first readings" };

    /// <summary>How far a missed value is from its target, as a share of the target (of what was left to 100 where higher percentages are better).</summary>
    internal static double MissOf(KpiState kpi)
    {
        if (kpi.Value is not { } value)
            return 0;
        var target = kpi.Definition.Target;
        var ceiling = kpi.Definition.Unit switch { "%" => 100, "of 5" => 5, _ => double.NaN };
        var scale = target.Comparison is Comparison.GreaterThan && ceiling > target.Value ? ceiling - target.Value : Math.Abs(target.Value);
        return scale > 0 ? Math.Abs(value - target.Value) / scale : double.PositiveInfinity;
    }

    /// <summary>A name in the middle of a sentence: "Average response time" → "average response time"; "RPS" and "4xx error rate" stay.</summary>
    internal static string InSentence(string name) =>
        name.Length > 1 && char.IsUpper(name[0]) && char.IsLower(name[1]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;

    private static Mention MentionOf(KpiState kpi, string why) => new(kpi.Definition.Id, InSentence(kpi.Definition.Name), kpi.Since, why);

    private static string WhyUnknown(KpiState kpi) => kpi.Status switch
    {
        KpiStatus.SourceDown => $"{kpi.Definition.Query.Source.Title()} down",
        KpiStatus.Stale => "stale",
        _ => "no data",
    };
}
