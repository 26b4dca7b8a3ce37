using System.Globalization;
using System.Net.Sockets;
using Dashboard.Core.Kpis;
using Npgsql;

namespace Dashboard.Core.Sources.Postgres;

/// <summary>Words for what goes wrong with the database. Never a secret.</summary>
internal sealed class PostgresFailures(string address, PostgresOptions options, Secrets secrets)
{
    public SourceException Of(Exception problem) => problem switch
    {
        SecretFileException file => Failure(FailureKind.Unauthorized, $"The file named by Sources:Postgres:{file.Setting} {file.Problem}.",
            "Check the path, the mount, and that the dashboard may read it.", problem),
        _ when Find<SecretFileException>(problem) is { } file => Of(file),
        PostgresException told => Told(told),
        NotSupportedException => Refused("The statement is more than one, which is not taken.", "Correct the SQL of the KPI: one statement, without semicolons."),
        OperationCanceledException or TimeoutException => TimedOut(problem),
        NpgsqlException when Find<TimeoutException>(problem) is { } slow => problem.Message.Contains("pool", StringComparison.OrdinalIgnoreCase)
            ? Failure(FailureKind.TimedOut, "All of the dashboard's connections to PostgreSQL are busy.", "Look at its load and at long statements of KPIs.", slow)
            : TimedOut(problem),
        NpgsqlException when Find<SocketException>(problem) is { } socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => Unreachable($"PostgreSQL refused the connection at {address}.", problem),
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => Unreachable($"The host of PostgreSQL is not known: {address}.", problem),
            _ => Unreachable($"PostgreSQL cannot be reached at {address}, or broke the connection.", problem),
        },
        NpgsqlException when Find<IOException>(problem) is not null => Unreachable($"PostgreSQL closed the connection at {address}.", problem),
        NpgsqlException when problem.Message.Contains("No password", StringComparison.Ordinal) => Failure(FailureKind.Unauthorized,
            "PostgreSQL wants a password and none is set.", "Set Sources:Postgres:PasswordFile or Sources:Postgres:Password.", problem),
        NpgsqlException or IOException or SocketException => Failure(FailureKind.NotUnderstood,
            $"What answers at {address} does not speak as PostgreSQL would: {Reason(problem.Message)}", "Check Sources:Postgres:Host and Sources:Postgres:Port.", problem),
        _ => throw problem,
    };

    public SourceException TimedOut(Exception? problem = null) => Failure(FailureKind.TimedOut,
        string.Create(CultureInfo.InvariantCulture, $"PostgreSQL did not answer within {options.Timeout.TotalSeconds:0.#} s."),
        "Look at its load and at the statement's plan. If it needs longer, raise Sources:Postgres:Timeout.", problem);

    public static SourceException NotUnderstood(string message, Exception? problem = null) => Failure(FailureKind.NotUnderstood, message,
        "The statement is expected to give one row with value (a number), samples (bigint), since and newest (timestamptz).", problem);

    public static SourceException Refused(string message, string hint) => Failure(FailureKind.Refused, message, hint, null);

    /// <summary>True where a connection of the pool was found dead, as they all are after the database restarted: a new one may do.</summary>
    public static bool IsLostConnection(Exception problem) => problem is PostgresException told
        ? told.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        : problem is NpgsqlException && Find<TimeoutException>(problem) is null
            && (Find<IOException>(problem) is not null || Find<SocketException>(problem) is { SocketErrorCode: not SocketError.ConnectionRefused });

    private SourceException Told(PostgresException told) => told.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Failure(FailureKind.Unauthorized,
            $"PostgreSQL does not let the dashboard in: {Reason(told.MessageText)}", "Check Sources:Postgres:Username and its password or PasswordFile.", told),
        PostgresErrorCodes.InsufficientPrivilege => Failure(FailureKind.Unauthorized,
            $"PostgreSQL does not allow the dashboard to read this: {Reason(told.MessageText)}", "Grant SELECT on it to the role in Sources:Postgres:Username.", told),
        PostgresErrorCodes.InvalidCatalogName => Failure(FailureKind.Refused, $"PostgreSQL has no such database: {Reason(told.MessageText)}",
            "Check Sources:Postgres:Database.", told),
        PostgresErrorCodes.QueryCanceled => TimedOut(told),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => Unreachable("PostgreSQL is being stopped or restarted.", told),
        PostgresErrorCodes.CannotConnectNow => Unreachable($"PostgreSQL takes no connections at the moment: {Reason(told.MessageText)}", told),
        PostgresErrorCodes.ReadOnlySqlTransaction => Failure(FailureKind.Refused,
            $"The statement would write, which the dashboard never does: {Reason(told.MessageText)}", "Correct the SQL of the KPI.", told),
        { } state when state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) || state.StartsWith("XX", StringComparison.Ordinal)
            || state.StartsWith("57", StringComparison.Ordinal) => Failure(FailureKind.Failed, $"PostgreSQL failed: {Reason(told.MessageText)}", "Look at its log.", told),
        { } state when state.StartsWith("08", StringComparison.Ordinal) => Unreachable($"PostgreSQL broke the connection: {Reason(told.MessageText)}", told),
        _ => Failure(FailureKind.Refused, $"PostgreSQL refused the statement: {Reason($"{told.MessageText} ({told.SqlState})")}", "Correct the SQL of the KPI.", told),
    };

    private static SourceException Unreachable(string message, Exception problem) => Failure(FailureKind.Unreachable, message,
        "Check that it runs, and Sources:Postgres:Host and Sources:Postgres:Port.", problem);

    private string Reason(string text) => OutsideText.Sentence(secrets.Hide(OutsideText.Clean(text, 240)));

    private static SourceException Failure(FailureKind kind, string message, string hint, Exception? problem) =>
        new(new SourceFailure(SourceKind.Postgres, kind, message, hint), problem);

    private static T? Find<T>(Exception problem)
        where T : Exception
    {
        for (var inner = problem.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is T found)
                return found;
        }

        return null;
    }
}
