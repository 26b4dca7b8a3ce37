using System.Collections.Immutable;
using System.Globalization;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.Collection.Doctor;

/// <summary>What was found, for a terminal: plain text, aligned, without colours.</summary>
/// <param name="Lines">Without line ends.</param>
/// <param name="Healthy">True where every source answers and every KPI has a verdict. A missed target is no illness, and neither is a checker's advice.</param>
public sealed record DoctorReport(ImmutableArray<string> Lines, bool Healthy)
{
    /// <summary>The report on a scorecard.</summary>
    public static DoctorReport Of(Scorecard scorecard)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add("Sources");
        lines.AddRange(Table([.. scorecard.Sources.Select(Columns)], "  "));
        foreach (var source in scorecard.Sources)
        {
            if (source is { LastError: { } error } && source.LastErrorAt >= (source.LastSuccessAt ?? DateTimeOffset.MinValue))
                lines.Add($"  ! {source.Source.Title()}: {error}");
            lines.AddRange(source.Degraded.Select(sentence => $"  - {source.Source.Title()}: {sentence}"));
        }

        lines.Add("");
        lines.Add("KPIs");
        var rows = Table([.. scorecard.Kpis.Select(Columns)], "  ");
        for (var i = 0; i < scorecard.Kpis.Length; i++)
        {
            lines.Add(rows[i]);
            var kpi = scorecard.Kpis[i];
            if (kpi.Reason is { } reason)
                lines.Add($"      {(kpi.Status.IsKnown() ? "-" : "!")} {reason}");
            lines.AddRange(kpi.Advice.Concat(kpi.Reading?.Warnings ?? [])
                .Distinct(StringComparer.Ordinal)
                .Where(remark => kpi.Reason?.Contains(remark, StringComparison.Ordinal) != true)
                .Select(remark => $"      - {remark}"));
        }

        var silent = scorecard.Sources.Count(source => source.Reachable is not true);
        var unjudged = scorecard.Kpis.Count(kpi => !kpi.Status.IsKnown());
        var missed = scorecard.Kpis.Count(kpi => kpi.Status is KpiStatus.Missed);
        var healthy = silent == 0 && unjudged == 0;
        lines.Add("");
        lines.Add(healthy
            ? Words($"All {scorecard.Sources.Length} sources answer and all {scorecard.Kpis.Length} KPIs can be judged; {missed} of them miss their target.")
            : Words($"{silent} of {scorecard.Sources.Length} sources do not answer; {unjudged} of {scorecard.Kpis.Length} KPIs cannot be judged."));
        return new DoctorReport(lines.DrainToImmutable(), healthy);
    }

    private static string[] Columns(SourceState source) =>
    [
        source.Source.Title(),
        source.Reachable switch { true => "answers", false => "DOES NOT ANSWER", null => "not asked" },
        source.Address,
        source.Reachable is true && source.Latency is { } latency ? Words($"{latency.TotalMilliseconds:0} ms") : "",
        source.Version is { } version ? $"version {version}" : "",
        source.ClockSkew is { } skew && skew != TimeSpan.Zero ? Words($"clock {Age.Words(skew)} {(skew > TimeSpan.Zero ? "ahead" : "behind")}") : "",
        source.Dialect ?? "",
    ];

    private static string[] Columns(KpiState kpi) =>
    [
        kpi.Definition.Id,
        kpi.Status.ToWire(),
        kpi.Value is { } value ? Words($"{(kpi.Reading is { AtLeast: true } ? "at least " : "")}{value:0.###} {kpi.Definition.Unit}") : "-",
        Words($"target {kpi.Definition.Target.Sign} {kpi.Definition.Target.Value:0.###}"),
        kpi.Definition.Query.Source.Title(),
    ];

    private static ImmutableArray<string> Table(string[][] rows, string indent)
    {
        if (rows is [])
            return [];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return [.. rows.Select(row => indent + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
