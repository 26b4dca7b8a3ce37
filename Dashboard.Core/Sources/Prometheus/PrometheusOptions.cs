using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Prometheus;

/// <summary>How Prometheus, or what speaks its query API, is reached.</summary>
public sealed class PrometheusOptions : HttpSourceOptions
{
    public const string Section = "Sources:Prometheus";

    public PrometheusOptions() => Url = "http://127.0.0.1:9090";

    /// <summary>The tenant to ask for where there are several (Mimir's X-Scope-OrgID).</summary>
    public string? Tenant { get; set; }
}
