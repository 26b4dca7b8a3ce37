using System.ComponentModel.DataAnnotations;
using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Elasticsearch;

/// <summary>How Elasticsearch or OpenSearch is reached, and which indices hold the logs.</summary>
public sealed class ElasticsearchOptions : HttpSourceOptions
{
    public const string Section = "Sources:Elasticsearch";

    public ElasticsearchOptions() => Url = "http://127.0.0.1:9200";

    /// <summary>Names or patterns of indices, data streams and aliases, separated by commas.</summary>
    [Required(ErrorMessage = "is missing: expected index names or patterns such as logs-*")]
    [RegularExpression("[A-Za-z0-9_.:*-][A-Za-z0-9_.,:*-]*", ErrorMessage = "is no index pattern: expected names separated by commas, such as logs-*,traces-2026")]
    public string Index { get; set; } = "logs-*";

    /// <summary>The encoded form of an API key (base64 of id:key, as Kibana shows it).</summary>
    public string? ApiKey { get; set; }

    /// <summary>File that holds the API key, and nothing else.</summary>
    public string? ApiKeyFile { get; set; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext))
            yield return problem;
        if (ApiKey is not null && ApiKeyFile is not null)
            yield return new ValidationResult("is set beside ApiKey: expected one of them", [nameof(ApiKeyFile)]);
        if ((ApiKey ?? ApiKeyFile) is not null && (Username ?? BearerToken ?? BearerTokenFile) is not null)
            yield return new ValidationResult("is set beside a user or a token: expected one way to authenticate", [nameof(ApiKey)]);
    }
}
