using System.Collections.Immutable;
using Dashboard.Core.Series;

namespace Dashboard.Core.Sources.Prometheus;

/// <summary>Joins the parts of a range, asked for one after the other, into whole series. Values that are not finite are gaps.</summary>
internal sealed class SeriesJoin
{
    private readonly Dictionary<string, (ImmutableDictionary<string, string> Labels, ImmutableArray<Sample>.Builder Samples)> _series = new(StringComparer.Ordinal);

    public void Add(ImmutableDictionary<string, string> labels, ReadOnlySpan<PrometheusPoint> points)
    {
        var key = string.Join('\u0001', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}\u0002{l.Value}"));
        if (!_series.TryGetValue(key, out var joined))
            _series[key] = joined = (labels, ImmutableArray.CreateBuilder<Sample>(points.Length));
        foreach (var point in points)
        {
            if (double.IsFinite(point.Value))
                joined.Samples.Add(new Sample(point.At, point.Value));
        }
    }

    public ImmutableArray<MetricSeries> ToSeries() => [.. _series.Values.Select(s => new MetricSeries(s.Labels, new TimeSeries(s.Samples.ToImmutable())))];
}
