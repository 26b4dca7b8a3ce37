using System.ComponentModel.DataAnnotations;
using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>How Jaeger's query interface is reached.</summary>
public sealed class JaegerOptions : HttpSourceOptions
{
    public const string Section = "Sources:Jaeger";

    public JaegerOptions() => Url = "http://127.0.0.1:16686";

    /// <summary>The monitored service's name in the traces, for KPIs that name none.</summary>
    [Required(ErrorMessage = "is missing: expected the service's name as its traces have it")]
    public string Service { get; set; } = "reconciliation-service";

    /// <summary>The tenant to ask for where there are several (x-tenant).</summary>
    public string? Tenant { get; set; }
}
