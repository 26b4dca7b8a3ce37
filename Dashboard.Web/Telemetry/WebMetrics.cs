using System.Diagnostics.Metrics;

namespace Dashboard.Web.Telemetry;

/// <summary>What the dashboard counts of itself, beyond what the framework does.</summary>
public sealed class WebMetrics : IDisposable
{
    public const string MeterName = "Dashboard.Web";

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _viewers;

    public WebMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _viewers = _meter.CreateUpDownCounter<long>("dashboard.event_stream.viewers", "{viewer}", "Browsers that follow the live event stream.");
    }

    public void ViewerCame() => _viewers.Add(1);

    public void ViewerLeft() => _viewers.Add(-1);

    public void Dispose() => _meter.Dispose();
}
