using System.Globalization;
using System.Text;

namespace Dashboard.Tests.Kpis;

/// <summary>A metric history whose every KPI can be worked out by hand, in OpenMetrics text: samples every 5 seconds, counters growing evenly.</summary>
internal sealed class KnownMetrics(DateTimeOffset from, DateTimeOffset to)
{
    private readonly StringBuilder _text = new();

    /// <summary>A counter that grows by so much a second.</summary>
    public KnownMetrics Counter(string series, double perSecond, DateTimeOffset? until = null) => Series(series, seconds => 1000 + (seconds * perSecond), until);

    public KnownMetrics Gauge(string series, double value) => Series(series, _ => value, null);

    /// <summary>
    /// 100 requests a second: 40 under 50 ms, 40 under 100, 14 under 150, 5.5 under 300, 0.5 under a second; on average 60 ms. So p95 lies in (150, 300] at
    /// 150 + 150 × (95 − 94) / 5.5 = 177.27 ms, and p99 at 150 + 150 × (99 − 94) / 5.5 = 286.36 ms.
    /// </summary>
    public KnownMetrics Histogram(string name, string labels)
    {
        foreach (var (bound, perSecond) in new[] { ("0.05", 40), ("0.1", 80), ("0.15", 94), ("0.3", 99.5), ("1.0", 100), ("+Inf", 100) })
            Counter($"{name}_bucket{{{labels},le=\"{bound}\"}}", perSecond);
        return Counter($"{name}_sum{{{labels}}}", 6);
    }

    public async Task<string> WriteAsync(string directory, CancellationToken cancellation)
    {
        var file = Path.Combine(directory, "known.om");
        await File.WriteAllTextAsync(file, _text + "# EOF\n", cancellation);
        return file;
    }

    private KnownMetrics Series(string series, Func<double, double> value, DateTimeOffset? until)
    {
        for (var at = from; at <= (until ?? to); at += TimeSpan.FromSeconds(5))
            _text.Append(CultureInfo.InvariantCulture, $"{series} {value((at - from).TotalSeconds):R} {at.ToUnixTimeSeconds()}\n");
        return this;
    }
}
