using System.Globalization;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>
/// Reads from a span whether only a share of the traces is kept: the tags of Jaeger's own samplers (<c>sampler.type</c>, <c>sampler.param</c>), a
/// <c>sampling.probability</c>, and OpenTelemetry's rejection threshold in the trace state (<c>ot=th:8</c>, where 0 keeps all).
/// </summary>
internal static class SamplingTags
{
    public static bool Tell(IEnumerable<(string Key, string Value)> tags)
    {
        string? type = null, parameter = null;
        foreach (var (key, value) in tags)
        {
            switch (key)
            {
                case "sampler.type":
                    type = value;
                    break;
                case "sampler.param":
                    parameter = value;
                    break;
                case "sampling.probability" when IsShare(value):
                case "w3c.tracestate" when HasThreshold(value):
                    return true;
            }
        }

        return type is "ratelimiting" or "lowerbound" || (type is "probabilistic" && IsShare(parameter));
    }

    private static bool IsShare(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share < 1;

    private static bool HasThreshold(string state)
    {
        foreach (var vendor in state.Split(',', StringSplitOptions.TrimEntries))
        {
            if (vendor.StartsWith("ot=", StringComparison.Ordinal)
                && vendor["ot=".Length..].Split(';').Any(field => field.StartsWith("th:", StringComparison.Ordinal) && field["th:".Length..].Trim('0').Length > 0))
                return true;
        }

        return false;
    }
}
