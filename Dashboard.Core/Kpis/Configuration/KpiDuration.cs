using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dashboard.Core.Kpis.Configuration;

/// <summary>Durations as they are written in the settings and in PromQL: <c>5s</c>, <c>5m</c>, <c>24h</c>, <c>30d</c>, <c>1h30m</c>.</summary>
public static partial class KpiDuration
{
    /// <summary>Reads a duration. False for anything else, and for zero.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrWhiteSpace(text) || Pattern.Match(text.Trim()) is not { Success: true } match)
            return false;

        try
        {
            duration = TimeSpan.FromDays(Part("w") * 7 + Part("d")) + TimeSpan.FromHours(Part("h")) + TimeSpan.FromMinutes(Part("m"))
                + TimeSpan.FromSeconds(Part("s")) + TimeSpan.FromMilliseconds(Part("ms"));
        }
        catch (OverflowException)
        {
            return false;
        }

        return duration > TimeSpan.Zero;

        long Part(string unit) => match.Groups[unit] is { Success: true } group ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Writes a duration so that PromQL and people both read it: one day as <c>24h</c>, several as <c>30d</c>, otherwise the fewest parts.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            return "0s";

        if (duration == TimeSpan.FromDays(1))
            return "24h";

        var text = new StringBuilder();
        Append(duration.Days, "d");
        Append(duration.Hours, "h");
        Append(duration.Minutes, "m");
        Append(duration.Seconds, "s");
        Append(duration.Milliseconds, "ms");
        return text.Length > 0 ? text.ToString() : "1ms";

        void Append(int count, string unit)
        {
            if (count > 0)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }
    }

    [GeneratedRegex(
        "^(?=.)((?<w>[0-9]{1,6})w)?((?<d>[0-9]{1,6})d)?((?<h>[0-9]{1,9})h)?((?<m>[0-9]{1,9})m)?((?<s>[0-9]{1,9})s)?((?<ms>[0-9]{1,12})ms)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern { get; }
}
