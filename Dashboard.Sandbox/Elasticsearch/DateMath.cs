using System.Globalization;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>
/// Times as queries write them: ISO 8601 with its later parts left out, milliseconds since 1970, and date math (<c>now-5m</c>, <c>now/d</c>,
/// <c>2026-11-23||+1d/h</c>). All in UTC where no zone is named; resolution is a millisecond.
/// </summary>
internal static class DateMath
{
    private static readonly (string Format, char Rounds)[] Formats =
    [
        // The form of a log line's time comes first, it is read most.
        ("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", ' '), ("yyyy", 'y'), ("yyyy-MM", 'M'), ("yyyy-MM-dd", 'd'), ("yyyy-MM-dd'T'HH", 'h'), ("yyyy-MM-dd'T'HHK", 'h'), ("yyyy-MM-dd'T'HH:mm", 'm'),
        ("yyyy-MM-dd'T'HH:mmK", 'm'), ("yyyy-MM-dd'T'HH:mm:ss", 's'), ("yyyy-MM-dd'T'HH:mm:ssK", 's'), ("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", ' '),
    ];

    /// <summary>Milliseconds since 1970; null where it is no such time.</summary>
    /// <param name="text">The time.</param>
    /// <param name="now">What <c>now</c> means.</param>
    /// <param name="roundUp">Whether what is left out, or rounded away, counts to its end (as in "at most 2026-11-23") or to its start.</param>
    public static long? Parse(string text, DateTimeOffset now, bool roundUp = false)
    {
        if (text.StartsWith("now", StringComparison.Ordinal))
            return Apply(now, text.AsSpan(3), roundUp)?.ToUnixTimeMilliseconds();
        if (text.Split("||", 2) is [var anchor, var math])
            return Instant(anchor, roundUp: false) is { } start ? Apply(start, math, roundUp)?.ToUnixTimeMilliseconds() : null;
        return Instant(text, roundUp)?.ToUnixTimeMilliseconds();
    }

    /// <summary>As the engine writes it: <c>2026-11-23T19:04:00.000Z</c>.</summary>
    public static string Write(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length such as <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>; null where it is none or not positive.</summary>
    public static TimeSpan? Length(string text)
    {
        var unit = text.TrimStart("0123456789".ToCharArray());
        if (!int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0)
            return null;
        return unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "m" => TimeSpan.FromMinutes(count),
            "h" => TimeSpan.FromHours(count),
            "d" when count < 1_000_000 => TimeSpan.FromDays(count),
            _ => null,
        };
    }

    private static DateTimeOffset? Instant(string text, bool roundUp)
    {
        foreach (var (format, rounds) in Formats)
        {
            if (DateTimeOffset.TryParseExact(
                text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
                return roundUp && rounds is not ' ' ? Step(at, rounds, 1)?.AddMilliseconds(-1) : at;
        }

        return text.Length > 4 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is > -62_000_000_000_000 and < 250_000_000_000_000
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : null;
    }

    private static DateTimeOffset? Apply(DateTimeOffset from, ReadOnlySpan<char> math, bool roundUp)
    {
        DateTimeOffset? at = from.ToUniversalTime();
        while (math.Length > 0 && at is { } value)
        {
            var sign = math[0];
            var digits = 1;
            while (digits < math.Length && char.IsAsciiDigit(math[digits]))
                digits++;
            if (digits >= math.Length || sign is not ('+' or '-' or '/') || (sign is '/' && digits > 1))
                return null;
            var count = digits is 1 ? 1 : int.TryParse(math[1..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
            if (count < 0)
                return null;
            var unit = math[digits];
            at = sign is '/' ? Round(value, unit, roundUp) : Step(value, unit, sign is '-' ? -count : count);
            math = math[(digits + 1)..];
        }

        return at;
    }

    private static DateTimeOffset? Round(DateTimeOffset at, char unit, bool roundUp)
    {
        DateTimeOffset? start = unit switch
        {
            's' => Floor(at, TimeSpan.TicksPerSecond),
            'm' => Floor(at, TimeSpan.TicksPerMinute),
            'h' or 'H' => Floor(at, TimeSpan.TicksPerHour),
            'd' => Floor(at, TimeSpan.TicksPerDay),
            'w' => Floor(at, TimeSpan.TicksPerDay).AddDays(-(((int)at.DayOfWeek + 6) % 7)),
            'M' => new DateTimeOffset(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero),
            'y' => new DateTimeOffset(at.Year, 1, 1, 0, 0, 0, TimeSpan.Zero),
            _ => null,
        };
        return start is { } value && roundUp ? Step(value, unit, 1)?.AddMilliseconds(-1) : start;
    }

    private static DateTimeOffset Floor(DateTimeOffset at, long ticks) => at.AddTicks(-(at.Ticks % ticks));

    private static DateTimeOffset? Step(DateTimeOffset at, char unit, int count)
    {
        try
        {
            return unit switch
            {
                's' => at.AddSeconds(count),
                'm' => at.AddMinutes(count),
                'h' or 'H' => at.AddHours(count),
                'd' => at.AddDays(count),
                'w' => at.AddDays(7d * count),
                'M' => at.AddMonths(count),
                'y' => at.AddYears(count),
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
