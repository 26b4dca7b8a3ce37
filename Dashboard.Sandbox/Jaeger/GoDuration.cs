using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Durations as Go writes them: "1.2s", "100ms", "1h15m30.5s".</summary>
internal static partial class GoDuration
{
    [GeneratedRegex(@"\G(?<number>\d+(\.\d*)?|\.\d+)(?<unit>ns|us|µs|μs|ms|s|m|h)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part { get; }

    /// <summary>Nanoseconds; null where it is not a duration (a number without a unit is none, except 0).</summary>
    public static long? Parse(string text)
    {
        if (text is "0")
            return 0;
        var (sum, at) = (0m, 0);
        while (at < text.Length)
        {
            var part = Part.Match(text, at);
            if (!part.Success || part.Index != at || !decimal.TryParse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue)
                return null;
            sum += number * Nanoseconds(part.Groups["unit"].ValueSpan);
            at += part.Length;
            if (sum > long.MaxValue)
                return null;
        }

        return at > 0 ? (long)sum : null;
    }

    private static decimal Nanoseconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => 1_000,
    };
}
