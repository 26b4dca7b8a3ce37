using System.Globalization;

namespace Dashboard.Web.Formatting;

/// <summary>Spans of time as people say them.</summary>
public static class SpanText
{
    /// <summary>The largest whole unit: "3 s", "2 min", "5 h", "4 d". Less than nothing (a clock that is ahead) is "0 s".</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalSeconds: < 60 } => $"{age.Seconds} s",
        { TotalMinutes: < 60 } => $"{age.Minutes} min",
        { TotalHours: < 48 } => $"{Whole(age.TotalHours)} h",
        _ => $"{Whole(age.TotalDays)} d",
    };

    /// <summary>A window or an interval, exactly: "5 s", "90 s", "5 min", "24 h", "30 d".</summary>
    public static string Exact(TimeSpan span)
    {
        if (span >= TimeSpan.FromDays(2) && span.Ticks % TimeSpan.TicksPerDay == 0)
            return $"{Whole(span.TotalDays)} d";
        if (span >= TimeSpan.FromHours(1) && span.Ticks % TimeSpan.TicksPerHour == 0)
            return $"{Whole(span.TotalHours)} h";
        if (span >= TimeSpan.FromMinutes(1) && span.Ticks % TimeSpan.TicksPerMinute == 0)
            return $"{Whole(span.TotalMinutes)} min";
        return span >= TimeSpan.FromSeconds(1) ? $"{span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s" : Latency(span);
    }

    /// <summary>How long something took: "0.8 ms", "42 ms", "1.3 s".</summary>
    public static string Latency(TimeSpan took) => took.TotalMilliseconds switch
    {
        < 10 => $"{took.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms",
        < 1000 => $"{took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        _ => $"{took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
    };

    /// <summary>The period of an attainment ("24h", "7d") as it is written on a card ("24 h", "7 d").</summary>
    public static string Period(string period) => period.Length > 1 && char.IsAsciiLetter(period[^1]) && char.IsAsciiDigit(period[^2])
        ? $"{period[..^1]} {period[^1]}"
        : period;

    private static string Whole(double number) => Math.Floor(number).ToString("0", CultureInfo.InvariantCulture);
}
