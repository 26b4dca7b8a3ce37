using System.Globalization;
using Npgsql;

namespace Dashboard.Core.Sources.Postgres;

/// <summary>Makes the data source: few connections, short limits, and sessions that cannot write whatever the role may do.</summary>
internal static class ReadOnlyDatabase
{
    private const string DefaultRole = "dashboard_reader";

    public static NpgsqlDataSource Open(PostgresOptions options, Secrets secrets)
    {
        var settings = Settings(options);
        if (options.PasswordFile is not { } file)
        {
            secrets.Remember(settings.Password);
            return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        }

        settings.Password = null;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePasswordProvider(_ => Read(), (_, _) => ValueTask.FromResult(Read()));
        return builder.Build();

        string Read()
        {
            var password = SecretFile.Read(nameof(options.PasswordFile), file);
            secrets.Remember(password);
            return password;
        }
    }

    /// <summary>The address without credentials.</summary>
    public static string AddressOf(PostgresOptions options)
    {
        var settings = Settings(options);
        var host = settings.Host!.Contains(',', StringComparison.Ordinal) || settings.Host.StartsWith('/') || settings.Host.Contains(':', StringComparison.Ordinal)
            ? settings.Host
            : string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");
        return $"postgresql://{OutsideText.Clean(host, 200)}/{OutsideText.Clean(settings.Database ?? "", 100)}";
    }

    private static NpgsqlConnectionStringBuilder Settings(PostgresOptions options)
    {
        var settings = options.ConnectionString is { } given
            ? new NpgsqlConnectionStringBuilder(given)
            : new NpgsqlConnectionStringBuilder { Host = options.Host, Port = options.Port, Database = options.Database };
        settings.Username = options.Username ?? settings.Username ?? DefaultRole;
        settings.Password = options.Password ?? settings.Password;
        settings.ApplicationName ??= "reconciliation-dashboard";
        settings.MaxPoolSize = 4;
        settings.MinPoolSize = 0;
        settings.Timeout = 5;
        settings.CommandTimeout = (int)Math.Ceiling(options.Timeout.TotalSeconds) + 1;
        settings.CancellationTimeout = 500;
        settings.PersistSecurityInfo = false;
        settings.IncludeErrorDetail = false;
        // What these say holds for the session, whatever the role is allowed.
        var limits = string.Create(CultureInfo.InvariantCulture,
            $"-c default_transaction_read_only=on -c statement_timeout={(long)options.Timeout.TotalMilliseconds} -c idle_in_transaction_session_timeout=60000");
        settings.Options = settings.Options is { Length: > 0 } own ? $"{own} {limits}" : limits;
        return settings;
    }
}
