namespace Dashboard.Core.Kpis.Configuration;

/// <summary>How the monitored service is found among the metrics (settings under <c>Metrics</c>).</summary>
public sealed record MetricSettings
{
    public const string Section = "Metrics";

    /// <summary>The id of the dialect to use; null lets it be found out from the metrics' names.</summary>
    public string? Dialect { get; init; }

    /// <summary>Label matchers that select the service's series, without braces; may be empty.</summary>
    public string Selector { get; init; } = "job=\"reconciliation-api\"";

    /// <summary>A PromQL template for the users with a session at one moment; null takes the service's own gauge.</summary>
    public string? ConcurrentUsers { get; init; }

    /// <summary>How often the service is scraped; null lets it be measured.</summary>
    public TimeSpan? ScrapeInterval { get; init; }
}
