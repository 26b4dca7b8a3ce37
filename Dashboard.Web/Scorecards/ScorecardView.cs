using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Scorecards;

/// <summary>All that the scorecard page shows of one snapshot.</summary>
public sealed record ScorecardView
{
    /// <summary>The snapshot's number; 0 before the first.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the snapshot was taken.</summary>
    public required DateTimeOffset At { get; init; }

    public required string? Environment { get; init; }

    public required HeadlineView Headline { get; init; }

    /// <summary>In the catalogue's order.</summary>
    public required ImmutableArray<CardView> Cards { get; init; }

    /// <summary>The shortest interval at which a KPI is read: the beat that a live page expects.</summary>
    public required TimeSpan Beat { get; init; }

    /// <summary>Changes when a page that was rendered earlier can't be patched any more: another build, other KPIs, other targets.</summary>
    public required string Shape { get; init; }

    private static readonly string Build = typeof(ScorecardView).Module.ModuleVersionId.ToString("N")[..12];

    public static ScorecardView Of(Scorecard scorecard, KpiCatalog catalog)
    {
        var taken = scorecard.Sequence > 0;
        var states = taken ? scorecard.Kpis : [.. catalog.All.Select(Awaited)];
        ImmutableArray<CardView> cards = [.. states.Select(CardView.Of)];
        return new ScorecardView
        {
            Sequence = scorecard.Sequence,
            At = scorecard.At,
            Environment = scorecard.Environment,
            Headline = taken ? HeadlineView.Of(states) : HeadlineView.Waiting,
            Cards = cards,
            Beat = states.Length == 0 ? TimeSpan.FromSeconds(5) : states.Min(s => s.Definition.Interval),
            Shape = ShapeOf(cards, taken ? scorecard.Environment : null),
        };
    }

    /// <summary>The cards under their groups' headings, in the order in which the groups first occur.</summary>
    public IEnumerable<IGrouping<string, CardView>> Groups => Cards.GroupBy(c => c.Group, StringComparer.Ordinal);

    /// <summary>What is known of a KPI before the first snapshot.</summary>
    internal static KpiState Awaited(KpiDefinition kpi) => new()
    {
        Definition = kpi,
        Status = KpiStatus.NoData,
        Since = DateTimeOffset.UnixEpoch,
        Reason = "The first reading is on its way.",
    };

    private static string ShapeOf(ImmutableArray<CardView> cards, string? environment)
    {
        var text = new StringBuilder(Build).Append('\n').Append(environment);
        foreach (var card in cards)
            text.Append(CultureInfo.InvariantCulture, $"\n{card.Id}\t{card.Name}\t{card.ShortName}\t{card.Group}\t{card.Unit}\t{card.Target}\t{card.Source}\t{card.Window}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 6));
    }
}
