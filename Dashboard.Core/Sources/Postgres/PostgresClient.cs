using System.Collections.Immutable;
using System.Data.Common;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Npgsql;
using NpgsqlTypes;

namespace Dashboard.Core.Sources.Postgres;

/// <summary>The reconciliation database, by statements from the configuration with the range as parameters. The server's clock comes along in the same round trip.</summary>
internal sealed class PostgresClient(NpgsqlDataSource database, PostgresOptions options, PostgresFailures failures, SourceLog log, TimeProvider clock)
    : IBusinessSource, ISourceProbe, IDisposable
{
    private const string Clock = "SELECT clock_timestamp()";

    private const string Identity =
        """
        SELECT current_setting('server_version'), current_setting('transaction_read_only') = 'on',
               (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_user::text
        """;

    public SourceKind Source => SourceKind.Postgres;

    public string Address { get; } = ReadOnlyDatabase.AddressOf(options);

    public Task<SourceAnswer<BusinessValue>> MeasureAsync(string statement, TimeRange range, CancellationToken cancellation) => log.WatchAsync(statement, () =>
    {
        // A closing semicolon would count as a second statement.
        var command = new NpgsqlBatchCommand(statement.TrimEnd().TrimEnd(';'))
        {
            Parameters =
            {
                new NpgsqlParameter("from", NpgsqlDbType.TimestampTz) { Value = range.Start.UtcDateTime },
                new NpgsqlParameter("to", NpgsqlDbType.TimestampTz) { Value = range.End.UtcDateTime },
            },
        };
        return AskAsync(command, ReadValueAsync, cancellation);
    });

    public Task<SourceAnswer<SourceIdentity>> ProbeAsync(CancellationToken cancellation) => log.WatchAsync("probe", () =>
        AskAsync(new NpgsqlBatchCommand(Identity), ReadIdentityAsync, cancellation));

    public void Dispose() => database.Dispose();

    private static async Task<SourceIdentity> ReadIdentityAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.ReadAsync(cancellation);
        var degraded = ImmutableArray.CreateBuilder<string>();
        if (!reader.GetBoolean(1))
            degraded.Add("Sessions are not read-only.");
        if (!reader.IsDBNull(2) && reader.GetBoolean(2))
            degraded.Add($"The dashboard connects as the superuser {OutsideText.Clean(reader.GetString(3), 60)}: a role that may only read is safer.");
        return new SourceIdentity(OutsideText.Clean(reader.GetString(0), 60), null, degraded.ToImmutable());
    }

    private async Task<SourceAnswer<T>> AskAsync<T>(
        NpgsqlBatchCommand command, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var deadline = new Deadline(clock, options.Timeout);
        using var timeIsUp = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp.Token, cancellation);
        try
        {
            try
            {
                return await OnceAsync(command, read, deadline, either.Token);
            }
            catch (Exception problem) when (PostgresFailures.IsLostConnection(problem) && !either.IsCancellationRequested)
            {
                // All the others are as dead as this one.
                database.Clear();
                return await OnceAsync(command, read, deadline, either.Token);
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception problem) when (problem is DbException or OperationCanceledException or TimeoutException or IOException or SecretFileException or NotSupportedException
            or System.Net.Sockets.SocketException)
        {
            throw failures.Of(problem);
        }
    }

    private async Task<SourceAnswer<T>> OnceAsync<T>(
        NpgsqlBatchCommand command, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, Deadline deadline, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Clock));
        batch.BatchCommands.Add(command);
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var serverTime = reader.GetFieldValue<DateTimeOffset>(0);
            await reader.NextResultAsync(cancellation);
            return new SourceAnswer<T>(await read(reader, cancellation), deadline.Elapsed, [], serverTime);
        }
        finally
        {
            // A command belongs to one batch; it may be needed for a second try.
            batch.BatchCommands.Clear();
        }
    }

    private static async Task<BusinessValue> ReadValueAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var row = new MeasuredRow(reader);
        var (value, samples, since, newest) = (row.Find("value"), row.Find("samples"), row.Find("since"), row.Find("newest"));
        if (!await reader.ReadAsync(cancellation))
            return new BusinessValue(null, null, null, null);

        var measured = new BusinessValue(row.Number(value), row.Count(samples), row.Moment(since), row.Moment(newest));
        return await reader.ReadAsync(cancellation)
            ? throw PostgresFailures.Refused("The statement gave two results where one is expected.", "Aggregate to one row, or add LIMIT 1 with an ORDER BY.")
            : measured;
    }
}
