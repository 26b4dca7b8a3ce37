namespace Dashboard.Web.Api;

/// <summary>What a probe gets to read.</summary>
/// <param name="Status">"alive" or "ready".</param>
/// <param name="At">When the newest scorecard was taken; null before the first.</param>
public sealed record HealthDocument(string Status, DateTimeOffset? At);
