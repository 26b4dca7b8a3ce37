using System.Globalization;

namespace Dashboard.Core.Collection;

/// <summary>Spans of time in words, for sentences: "42 s", "3 min", "2 h", "5 days".</summary>
internal static class Age
{
    public static string Words(TimeSpan span) => span switch
    {
        _ when span < TimeSpan.Zero => Words(-span),
        { TotalSeconds: < 100 } => Whole(span.TotalSeconds, "s"),
        { TotalMinutes: < 100 } => Whole(span.TotalMinutes, "min"),
        { TotalHours: < 48 } => Whole(span.TotalHours, "h"),
        _ => Whole(span.TotalDays, "days"),
    };

    private static string Whole(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count):0} {unit}");
}
