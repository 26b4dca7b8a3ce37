using System.Collections.Immutable;
using System.ComponentModel;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Api;

/// <summary>The scorecard, as the API gives it.</summary>
public sealed record ScorecardDocument
{
    [Description("When this picture was taken.")]
    public required DateTimeOffset At { get; init; }

    [Description("The worst status of all KPIs.")]
    public required string Overall { get; init; }

    [Description("In the catalogue's order.")]
    public required ImmutableArray<KpiDocument> Kpis { get; init; }

    [Description("True once every KPI was read, or failed, at least once.")]
    public required bool Complete { get; init; }

    [Description("Grows by one with each picture since the process started.")]
    public required long Sequence { get; init; }

    [Description("A note on where these figures come from, or null.")]
    public required string? Environment { get; init; }

    public static ScorecardDocument Of(Scorecard scorecard) => new()
    {
        At = scorecard.At,
        Overall = scorecard.Overall.ToWire(),
        Kpis = [.. scorecard.Kpis.Select(KpiDocument.Of)],
        Complete = scorecard.IsComplete,
        Sequence = scorecard.Sequence,
        Environment = scorecard.Environment,
    };
}
