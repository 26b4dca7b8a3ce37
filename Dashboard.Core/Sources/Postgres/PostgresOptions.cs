using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Dashboard.Core.Sources.Postgres;

/// <summary>How the reconciliation database is reached: by a connection string, or by its parts.</summary>
public sealed class PostgresOptions : IValidatableObject
{
    public const string Section = "Sources:Postgres";

    /// <summary>In Npgsql's form. Where it is set, <see cref="Host"/>, <see cref="Port"/> and <see cref="Database"/> do not count; the other settings win over it.</summary>
    public string? ConnectionString { get; set; }

    [Required(ErrorMessage = "is missing: expected a host name or address")]
    public string Host { get; set; } = "127.0.0.1";

    [Range(1, 65535, ErrorMessage = "expected a port from 1 to 65535")]
    public int Port { get; set; } = 5432;

    [Required(ErrorMessage = "is missing: expected the name of the database")]
    public string Database { get; set; } = "reconciliation";

    /// <summary>A role that may read and nothing else.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>File that holds the password, and nothing else. It is read for each new connection.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>For one statement; the server stops it after that too.</summary>
    [Duration("00:00:00.050", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Password is not null && PasswordFile is not null)
            yield return new ValidationResult("is set beside Password: expected one of them", [nameof(PasswordFile)]);
        if (ConnectionString is not null && !IsConnectionString(ConnectionString))
            yield return new ValidationResult("cannot be read: expected Npgsql's form, such as Host=db;Database=reconciliation;Username=dashboard_reader", [nameof(ConnectionString)]);
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            return false;
        }
    }
}
