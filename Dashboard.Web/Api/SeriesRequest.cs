using System.Globalization;
using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Series;

namespace Dashboard.Web.Api;

/// <summary>A range of a KPI's past, with its ends on whole steps so that equal requests are one.</summary>
public sealed record SeriesRequest(string Kpi, TimeRange Range, TimeSpan Step)
{
    /// <summary>As many points as Prometheus gives of one series.</summary>
    public const int MostPoints = 11_000;

    private const int UsualPoints = 300;
    private static readonly TimeSpan UsualRange = TimeSpan.FromHours(6);
    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>Steps that people read easily; the smallest that gives no more than the usual number of points is taken where none is asked for.</summary>
    private static readonly TimeSpan[] RoundSteps =
    [
        .. new[] { 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400 }.Select(s => TimeSpan.FromSeconds(s)),
    ];

    /// <summary>Reads the query string's fields; what is wrong with them is told field by field.</summary>
    /// <returns>The request, or null with <paramref name="problems"/> filled.</returns>
    public static SeriesRequest? Parse(KpiDefinition kpi, string[] from, string[] to, string[] step, DateTimeOffset now, out Dictionary<string, string[]> problems)
    {
        problems = [];
        var end = Time("to", to, now, problems);
        var start = Time("from", from, (end ?? now) - UsualRange, problems);
        var width = Width(kpi, step, problems);
        if (problems.Count > 0 || start is not { } first || end is not { } last)
            return null;

        if (last <= first)
            problems["to"] = [$"The end, {Text(last)}, has to be later than the start, {Text(first)}."];
        else if (first > now)
            problems["from"] = [$"The start, {Text(first)}, lies in the future."];
        else
        {
            var pace = width ?? Usual(kpi, last - first);
            if ((last - first) / pace > MostPoints)
            {
                var least = KpiDuration.Format(TimeSpan.FromSeconds(Math.Ceiling((last - first).TotalSeconds / MostPoints)));
                problems["step"] = [$"This range in steps of {KpiDuration.Format(pace)} has more than {MostPoints.ToString("N0", CultureInfo.InvariantCulture)} points: use at least {least}."];
            }
            else
                return new SeriesRequest(kpi.Id, new TimeRange(Down(first, pace), Up(last < now ? last : now, pace)), pace);
        }

        return null;
    }

    private static DateTimeOffset? Time(string field, string[] texts, DateTimeOffset otherwise, Dictionary<string, string[]> problems)
    {
        if (texts is [] or [""])
            return otherwise;
        if (texts is [var text])
        {
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 32_503_680_000)
                return DateTimeOffset.UnixEpoch.AddSeconds(seconds);

            // A plus that was not escaped arrives as a space.
            if (DateTimeOffset.TryParseExact(
                    text.Replace(' ', '+'), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                && time >= DateTimeOffset.UnixEpoch && time.Year < 3000)
                return time;
        }

        problems[field] = [texts.Length > 1
            ? "Expected once."
            : $"\"{Shown(texts[0])}\" is no time: expected RFC 3339 such as 2026-11-23T10:00:00Z, or seconds since 1970."];
        return null;
    }

    private static TimeSpan? Width(KpiDefinition kpi, string[] texts, Dictionary<string, string[]> problems)
    {
        if (texts is [] or [""])
            return null;
        if (texts.Length > 1)
            problems["step"] = ["Expected once."];
        else if (!TryParseStep(texts[0], out var step))
            problems["step"] = [$"\"{Shown(texts[0])}\" is no step: expected whole seconds, or a duration such as 30s, 5m or 1h."];
        else if (step < kpi.Interval)
            problems["step"] = [$"{KpiDuration.Format(step)} is finer than {KpiDuration.Format(kpi.Interval)}, the interval at which this KPI is read."];
        else
            return step;
        return null;
    }

    private static bool TryParseStep(string text, out TimeSpan step) =>
        KpiDuration.TryParse(text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text + "s" : text, out step);

    private static TimeSpan Usual(KpiDefinition kpi, TimeSpan length)
    {
        foreach (var step in RoundSteps)
        {
            if (step >= kpi.Interval && length / step <= UsualPoints)
                return step;
        }

        return TimeSpan.FromDays(Math.Ceiling(length.TotalDays / UsualPoints));
    }

    private static DateTimeOffset Down(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) % step.Ticks, TimeSpan.Zero);

    private static DateTimeOffset Up(DateTimeOffset time, TimeSpan step) => Down(time, step) is var down && down == time ? down : down + step;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
