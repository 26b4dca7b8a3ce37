using System.Globalization;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Core.Kpis.Measuring;

/// <summary>Numbers and spans inside the sentences that readings carry. English, whatever the machine's culture.</summary>
internal static class Wording
{
    /// <summary>"10,000", "0.15".</summary>
    public static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary>"5 min", "24 h", "30 d".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: > 1 } when span.TotalDays.Equals(Math.Floor(span.TotalDays)) => $"{Number(span.TotalDays)} d",
        { TotalHours: >= 1 } when span.TotalHours.Equals(Math.Floor(span.TotalHours)) => $"{Number(span.TotalHours)} h",
        { TotalMinutes: >= 1 } when span.TotalMinutes.Equals(Math.Floor(span.TotalMinutes)) => $"{Number(span.TotalMinutes)} min",
        { TotalSeconds: >= 1 and < 60 } => $"{Number(Math.Round(span.TotalSeconds, 1))} s",
        _ => KpiDuration.Format(span),
    };

    /// <summary>"95th percentile", "99.9th percentile".</summary>
    public static string Percentile(double quantile)
    {
        var percent = Number(Math.Round(quantile * 100, 6));
        var ending = percent is [.., '1', '1'] or [.., '1', '2'] or [.., '1', '3'] ? "th"
            : percent[^1] switch { '1' => "st", '2' => "nd", '3' => "rd", _ => "th" };
        return $"{percent}{ending} percentile";
    }
}
