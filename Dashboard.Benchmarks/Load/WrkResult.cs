using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Benchmarks.Load;

/// <summary>What one run of the load generator <c>wrk</c> measured. Latencies in milliseconds.</summary>
internal sealed partial record WrkResult(double RequestsPerSecond, double P50, double P95, double P99, double Max, long Errors)
{
    /// <summary>wrk's own table lacks the 95th percentile, so this script prints all of them in microseconds.</summary>
    public const string Script = """
        done = function(summary, latency, requests)
          io.write(string.format("RESULT rps=%.1f p50=%.0f p95=%.0f p99=%.0f max=%.0f errors=%d\n",
            summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max,
            summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
        end
        """;

    public static WrkResult Parse(string output)
    {
        var match = Result().Match(output);
        if (!match.Success)
            throw new InvalidOperationException($"wrk printed no result:\n{output}");
        return new WrkResult(Number("rps"), Number("p50") / 1000, Number("p95") / 1000, Number("p99") / 1000, Number("max") / 1000, (long)Number("errors"));

        double Number(string name) => double.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"RESULT rps=(?<rps>[\d.]+) p50=(?<p50>\d+) p95=(?<p95>\d+) p99=(?<p99>\d+) max=(?<max>\d+) errors=(?<errors>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Result();
}
