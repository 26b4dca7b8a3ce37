using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>RFC 3339 times with up to nine digits of a second; .NET's own parser keeps seven.</summary>
internal static partial class Rfc3339
{
    [GeneratedRegex(@"^(?<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form { get; }

    /// <summary>Nanoseconds since 1970; null where it is not such a time.</summary>
    public static long? ParseNanoseconds(string text)
    {
        var form = Form.Match(text);
        if (!form.Success || !DateTimeOffset.TryParseExact(
            form.Groups["second"].Value + form.Groups["zone"].Value, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var second))
            return null;
        var fraction = form.Groups["fraction"].Value.PadRight(9, '0');
        return (second.ToUnixTimeSeconds() * 1_000_000_000) + long.Parse(fraction, CultureInfo.InvariantCulture);
    }
}
