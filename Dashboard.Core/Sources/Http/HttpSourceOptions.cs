using System.ComponentModel.DataAnnotations;

namespace Dashboard.Core.Sources.Http;

/// <summary>What all sources that are asked over HTTP can be told. Secrets come from environment variables or from files, which are read again with each request.</summary>
public abstract class HttpSourceOptions : IValidatableObject
{
    /// <summary>Base address of the interface, with its path prefix if it has one. A user and password in it are used as basic authentication and shown nowhere.</summary>
    [HttpAddress]
    public string Url { get; set; } = "";

    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>File that holds the password, and nothing else.</summary>
    public string? PasswordFile { get; set; }

    public string? BearerToken { get; set; }

    /// <summary>File that holds the bearer token, and nothing else.</summary>
    public string? BearerTokenFile { get; set; }

    /// <summary>For one answer, with everything that it takes: connecting, waiting, retries, reading it to the end.</summary>
    [Duration("00:00:00.050", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest answer that is read, in MiB after decompression.</summary>
    [Range(1, 1024, ErrorMessage = "expected a whole number from 1 to 1024")]
    public int MaxResponseMegabytes { get; set; } = 16;

    /// <summary>Requests under way at once. More wait their turn.</summary>
    [Range(1, 64, ErrorMessage = "expected a whole number from 1 to 64")]
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>How long a source is left alone after it failed several times in a row. Short, so that its recovery is seen soon.</summary>
    [Duration("00:00:00.500", "00:01:00")]
    public TimeSpan Rest { get; set; } = TimeSpan.FromSeconds(5);

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Password is not null && PasswordFile is not null)
            yield return new ValidationResult("is set beside Password: expected one of them", [nameof(PasswordFile)]);
        if (BearerToken is not null && BearerTokenFile is not null)
            yield return new ValidationResult("is set beside BearerToken: expected one of them", [nameof(BearerTokenFile)]);
        if ((Password ?? PasswordFile) is not null && string.IsNullOrEmpty(Username))
            yield return new ValidationResult("is missing: a password is set, expected the user it belongs to", [nameof(Username)]);
        if (Username is not null && (BearerToken ?? BearerTokenFile) is not null)
            yield return new ValidationResult("is set beside a bearer token: expected one way to authenticate", [nameof(Username)]);
    }
}
