using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Web.Api;

/// <summary>Spans of time as Prometheus writes them: 30s, 5m, 24h, 30d.</summary>
public static partial class Durations
{
    [GeneratedRegex(@"^(?<number>\d{1,9}(\.\d{1,6})?)(?<unit>ms|s|m|h|d|w)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form { get; }

    /// <summary>In the largest unit that gives a whole number above one; a day is told in hours.</summary>
    public static string Short(TimeSpan span) => span switch
    {
        { TotalDays: > 1 } when span.Ticks % TimeSpan.TicksPerDay == 0 => Text(span.TotalDays, "d"),
        { TotalHours: >= 1 } when span.Ticks % TimeSpan.TicksPerHour == 0 => Text(span.TotalHours, "h"),
        { TotalMinutes: >= 1 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => Text(span.TotalMinutes, "m"),
        _ => Text(span.TotalSeconds, "s"),
    };

    /// <summary>Reads a number of seconds, or a number with one of the units ms, s, m, h, d, w.</summary>
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        if (Form.Match(text) is not { Success: true } match)
            return false;

        var number = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        var seconds = number * match.Groups["unit"].Value switch
        {
            "ms" => 0.001,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => 1,
        };
        if (seconds > 100L * 366 * 86_400)
            return false;
        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static string Text(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0.###}{unit}");
}
