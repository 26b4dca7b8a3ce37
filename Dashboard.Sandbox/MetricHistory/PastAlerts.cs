using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Sandbox.MetricHistory;

/// <summary>The alerts that the rules raised in the past, as Prometheus keeps them.</summary>
/// <param name="rules">The text of deploy/prometheus/alerts.yml: durations and labels are its.</param>
public sealed partial class PastAlerts(string rules)
{
    // A rate looks back a minute, so a condition is seen, and seen to be over, a moment late.
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    public void Write(OpenMetricsWriter writer, PastConditions past)
    {
        var alerts = Rule.Matches(rules)
            .Select(m => new Alert(
                m.Groups["name"].Value,
                TimeSpan.FromMinutes(int.Parse(m.Groups["minutes"].Value, CultureInfo.InvariantCulture)),
                $"severity=\"{m.Groups["severity"].Value}\",kpi=\"{m.Groups["kpi"].Value}\",job=\"reconciliation-api\""))
            .ToList();
        writer.Family("ALERTS", "gauge");
        foreach (var alert in alerts)
        {
            foreach (var state in (string[])["pending", "firing"])
                writer.Series("ALERTS", $"{{alertname=\"{alert.Name}\",alertstate=\"{state}\",{alert.Labels}}}", Values(past, s => StateAt(past, alert, s) == state ? 1 : double.NaN));
        }

        writer.Family("ALERTS_FOR_STATE", "gauge");
        foreach (var alert in alerts)
            writer.Series("ALERTS_FOR_STATE", $"{{alertname=\"{alert.Name}\",{alert.Labels}}}", Values(past, s => Since(past, alert, past.Steps.TimeOf(s))?.ToUnixTimeSeconds() ?? double.NaN));
    }

    [GeneratedRegex(
        @"alert: (?<name>\w+)\s[^#]*?for: (?<minutes>\d+)m\s[^#]*?severity: (?<severity>\w+)\s+kpi: (?<kpi>\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rule { get; }

    private static string? StateAt(PastConditions past, Alert alert, int step)
    {
        var at = past.Steps.TimeOf(step);
        return Since(past, alert, at) is not { } since ? null : at - since >= alert.For ? "firing" : "pending";
    }

    /// <summary>Since when the rule's condition has held without a break at a moment; null where it does not hold.</summary>
    private static DateTimeOffset? Since(PastConditions past, Alert alert, DateTimeOffset at)
    {
        // A sandbox's load is far below the documented 1000 requests per second all the time.
        if (alert.Name is "LowThroughput")
            return past.Steps.TimeOf(0);
        var incident = alert.Name switch
        {
            "HighResponseTime" or "DatabaseSlowQueries" => past.Story.BadDeployment,
            "HighErrorRate" => past.Story.PartnerTimeouts,
            _ => null,
        };
        return incident?.Covers(at - Delay) is true ? incident.Start + Delay : null;
    }

    private static double[] Values(PastConditions past, Func<int, double> value)
    {
        var values = new double[past.Steps.Count];
        for (var step = 0; step < values.Length; step++)
            values[step] = value(step);
        return values;
    }

    private sealed record Alert(string Name, TimeSpan For, string Labels);
}
