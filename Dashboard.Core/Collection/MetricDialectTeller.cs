using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Dialects;

namespace Dashboard.Core.Collection;

/// <summary>Tells by which names the service's metrics go in Prometheus.</summary>
internal sealed class MetricDialectTeller(MetricDialects dialects) : IDialectTeller
{
    public SourceKind Source => SourceKind.Prometheus;

    public string? Dialect => dialects.Current is { } found ? found.Description : null;
}
