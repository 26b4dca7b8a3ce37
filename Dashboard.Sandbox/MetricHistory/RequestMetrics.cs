namespace Dashboard.Sandbox.MetricHistory;

/// <summary>The past of the service's duration histogram, which counts its requests too.</summary>
public static class RequestMetrics
{
    public const string Name = "http_server_request_duration_seconds";

    // Fewer than one in two thousand beyond a bound is nobody: a fraction of a request would show as one that is infinitely slow.
    private const double Everybody = 0.9995;

    /// <summary>Upper bounds of the buckets, seconds.</summary>
    public static IReadOnlyList<double> Buckets { get; } =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    public static void Write(OpenMetricsWriter writer, PastConditions past, IEnumerable<RequestOutcome> outcomes)
    {
        writer.Family(Name, "histogram");
        foreach (var outcome in outcomes)
            WriteOutcome(writer, past, outcome);
    }

    private static void WriteOutcome(OpenMetricsWriter writer, PastConditions past, RequestOutcome outcome)
    {
        var count = past.Steps.Count;
        var buckets = Buckets.Select(_ => new double[count]).ToArray();
        var (counts, sums) = (new double[count], new double[count]);
        var sofar = new double[Buckets.Count];
        var (requests, seconds) = (0.0, 0.0);
        for (var step = 0; step < count; step++)
        {
            var added = past.LoadAt(step) * outcome.ShareIn(past[step]) * past.Steps.Step;
            var durations = outcome.DurationIn(past[step], past.PaceAt(step));
            requests += added;
            seconds += added * durations.Mean;

            // Before its first request a series does not exist; half a request is none.
            var seen = requests >= 1;
            counts[step] = seen ? Math.Floor(requests) : double.NaN;
            sums[step] = seen ? Math.Round(seconds, 4) : double.NaN;
            for (var i = 0; i < sofar.Length; i++)
            {
                var share = durations.ShareUpTo(Buckets[i]);
                sofar[i] += added * (share > Everybody ? 1 : share);
                buckets[i][step] = seen ? Math.Floor(sofar[i]) : double.NaN;
            }
        }

        var labels = Labels(outcome);
        for (var i = 0; i < buckets.Length; i++)
            writer.Series($"{Name}_bucket", $"{{{labels},le=\"{Bound(Buckets[i])}\"}}", buckets[i]);
        writer.Series($"{Name}_bucket", $"{{{labels},le=\"+Inf\"}}", counts);
        writer.Series($"{Name}_sum", $"{{{labels}}}", sums);
        writer.Series($"{Name}_count", $"{{{labels}}}", counts);
    }

    private static string Labels(RequestOutcome outcome)
    {
        var error = outcome.ErrorType is { } type ? $",error_type=\"{type}\"" : "";
        return $"{ServiceMetrics.Target},{ServiceMetrics.Scope("Microsoft.AspNetCore.Hosting")},http_request_method=\"{outcome.Route.Method}\""
            + $",http_response_status_code=\"{outcome.Status}\",http_route=\"{outcome.Route.Route}\""
            + $",network_protocol_version=\"1.1\",url_scheme=\"http\"{error}";
    }

    private static string Bound(double bound) => bound.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
