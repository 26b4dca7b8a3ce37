using System.Runtime.CompilerServices;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Settings;
using Microsoft.Data.Sqlite;

namespace Dashboard.Core.History;

/// <summary>
/// Keeps the history in one SQLite file: a row a KPI and minute. Write-ahead logging lets pages read while the collector writes; everything is written through one
/// connection. Losing power may lose the last seconds, never the file.
/// </summary>
public sealed class SqliteReadingHistory(HistoryOptions options) : IReadingHistory, IDisposable
{
    private const int Version = 1;

    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS kpi (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS minute (
            kpi INTEGER NOT NULL REFERENCES kpi (id), minute INTEGER NOT NULL,
            last REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL,
            met_ms INTEGER NOT NULL, data_ms INTEGER NOT NULL, backfilled INTEGER NOT NULL,
            PRIMARY KEY (kpi, minute)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS status (
            kpi INTEGER NOT NULL REFERENCES kpi (id), at_ms INTEGER NOT NULL, status TEXT NOT NULL,
            PRIMARY KEY (kpi, at_ms)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS watched (one INTEGER PRIMARY KEY CHECK (one = 1), until_ms INTEGER NOT NULL);
        """;

    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = options.Path,
        DefaultTimeout = 10,
        Pooling = false,
    }.ToString();

    private readonly SemaphoreSlim _writing = new(1);
    private SqliteConnection? _writer;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellation) => Task.Run(
        () =>
        {
            try
            {
                if (Path.GetDirectoryName(options.Path) is { Length: > 0 } folder)
                    Directory.CreateDirectory(folder);
                _writer = Connect();
                var version = Convert.ToInt64(Scalar(_writer, "PRAGMA user_version"), null);
                if (version > Version)
                {
                    throw new SettingsException(
                        $"History:Path names {options.Path}, which a newer version of the dashboard wrote: expected a file of this version, or a new one.");
                }

                // Also proves that the file can be written to.
                Execute(_writer, Schema);
                Execute(_writer, $"PRAGMA user_version = {Version}");
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT)
            {
                throw new SettingsException(
                    $"History:Path names {options.Path}, which is no SQLite file or is damaged: expected one, or a path where a new one can be made.");
            }
            catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new SettingsException(
                    $"History:Path names {options.Path}, which cannot be opened for writing ({exception.Message.TrimEnd('.')}): expected a path where a file can be made.");
            }
        },
        cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> SeenUntilAsync(CancellationToken cancellation) => ReadAsync<DateTimeOffset?>(
        connection => Scalar(connection, "SELECT until_ms FROM watched") is long until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<HistoryMinute> MinutesAsync(string kpi, TimeRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // By portions: a page may take its time between two rows, and a statement left open would keep the log from being taken up into the file.
        const int portion = 5_000;
        var from = (range.Start.ToUnixTimeMilliseconds() + 59_999) / 60_000;
        var to = (range.End.ToUnixTimeMilliseconds() + 59_999) / 60_000;
        while (true)
        {
            var start = from;
            var minutes = await ReadAsync(connection => Minutes(connection, kpi, start, to, portion), cancellation);
            foreach (var minute in minutes)
                yield return minute;
            if (minutes.Count < portion)
                yield break;
            from = minutes[^1].Minute + 1;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StatusChange>> ChangesAsync(string kpi, TimeRange range, CancellationToken cancellation) => ReadAsync<IReadOnlyList<StatusChange>>(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                SELECT at_ms, status FROM status
                WHERE kpi = (SELECT id FROM kpi WHERE name = @kpi) AND at_ms < @to AND at_ms >= coalesce(
                    (SELECT max(at_ms) FROM status WHERE kpi = (SELECT id FROM kpi WHERE name = @kpi) AND at_ms <= @from), @from)
                ORDER BY at_ms
                """;
            command.Parameters.AddWithValue("@kpi", kpi);
            command.Parameters.AddWithValue("@from", range.Start.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("@to", range.End.ToUnixTimeMilliseconds());
            using var rows = command.ExecuteReader();
            List<StatusChange> changes = [];
            while (rows.Read())
            {
                if (KpiStatuses.FromWire(rows.GetString(1)) is { } status)
                    changes.Add(new StatusChange(kpi, DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0)), status));
            }

            return changes;
        },
        cancellation);

    /// <inheritdoc/>
    public Task WriteAsync(HistoryBatch batch, CancellationToken cancellation) => WriteAsync(
        connection =>
        {
            foreach (var (kpi, minutes) in batch.Minutes)
                Write(connection, KeyOf(connection, kpi), minutes);
            foreach (var change in batch.Changes)
                Write(connection, KeyOf(connection, change.Kpi), change);
            Execute(
                connection,
                "INSERT INTO watched VALUES (1, @until) ON CONFLICT DO UPDATE SET until_ms = excluded.until_ms",
                ("@until", batch.SeenUntil.ToUnixTimeMilliseconds()));
        },
        cancellation);

    /// <inheritdoc/>
    public Task PruneAsync(DateTimeOffset now, CancellationToken cancellation) => WriteAsync(
        connection =>
        {
            var oldest = now.AddDays(-options.Days);
            Execute(
                connection,
                "DELETE FROM minute WHERE (kpi, minute) IN (SELECT m.kpi, m.minute FROM kpi JOIN minute m ON m.kpi = kpi.id AND m.minute < @minute)",
                ("@minute", HistoryMinute.Of(oldest)));

            // The status that the oldest kept minute was in stays known.
            Execute(
                connection,
                "DELETE FROM status WHERE at_ms < (SELECT max(at_ms) FROM status older WHERE older.kpi = status.kpi AND older.at_ms <= @at)",
                ("@at", oldest.ToUnixTimeMilliseconds()));
        },
        cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _writing.Dispose();
    }

    private static List<HistoryMinute> Minutes(SqliteConnection connection, string kpi, long from, long to, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT minute, last, min, max, met_ms, data_ms, backfilled FROM minute
            WHERE kpi = (SELECT id FROM kpi WHERE name = @kpi) AND minute >= @from AND minute < @to ORDER BY minute LIMIT @most
            """;
        command.Parameters.AddWithValue("@kpi", kpi);
        command.Parameters.AddWithValue("@from", from);
        command.Parameters.AddWithValue("@to", to);
        command.Parameters.AddWithValue("@most", most);
        using var rows = command.ExecuteReader();
        List<HistoryMinute> minutes = [];
        while (rows.Read())
        {
            minutes.Add(new HistoryMinute(
                rows.GetInt64(0), rows.GetDouble(1), rows.GetDouble(2), rows.GetDouble(3), rows.GetInt32(4), rows.GetInt32(5), rows.GetBoolean(6)));
        }

        return minutes;
    }

    private static long KeyOf(SqliteConnection connection, string kpi)
    {
        Execute(connection, "INSERT INTO kpi (name) VALUES (@kpi) ON CONFLICT DO NOTHING", ("@kpi", kpi));
        return (long)Scalar(connection, "SELECT id FROM kpi WHERE name = @kpi", ("@kpi", kpi))!;
    }

    private static void Write(SqliteConnection connection, long key, IReadOnlyList<HistoryMinute> minutes)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO minute VALUES (@kpi, @minute, @last, @min, @max, @met, @data, @backfilled)
            ON CONFLICT DO UPDATE SET last = excluded.last, min = excluded.min, max = excluded.max, met_ms = excluded.met_ms, data_ms = excluded.data_ms,
                backfilled = excluded.backfilled
            WHERE minute.backfilled >= excluded.backfilled
            """;
        command.Parameters.AddWithValue("@kpi", key);
        SqliteParameter[] parameters = [.. ((string[])["@minute", "@last", "@min", "@max", "@met", "@data", "@backfilled"]).Select(name =>
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            return command.Parameters.Add(parameter);
        })];
        foreach (var minute in minutes)
        {
            parameters[0].Value = minute.Minute;
            parameters[1].Value = minute.Last;
            parameters[2].Value = minute.Min;
            parameters[3].Value = minute.Max;
            parameters[4].Value = minute.MetMilliseconds;
            parameters[5].Value = minute.DataMilliseconds;
            parameters[6].Value = minute.Backfilled;
            command.ExecuteNonQuery();
        }
    }

    private static void Write(SqliteConnection connection, long key, StatusChange change) => Execute(
        connection,
        "INSERT INTO status VALUES (@kpi, @at, @status) ON CONFLICT DO UPDATE SET status = excluded.status",
        ("@kpi", key),
        ("@at", change.At.ToUnixTimeMilliseconds()),
        ("@status", change.Status.ToWire()));

    private static void Execute(SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, statement, parameters);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, statement, parameters);
        return command.ExecuteScalar();
    }

    private static SqliteCommand Command(SqliteConnection connection, string statement, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -512");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite works on the calling thread: kept off the collector's.
    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation) => Task.Run(
        () =>
        {
            try
            {
                using var connection = Connect();
                return read(connection);
            }
            catch (SqliteException exception)
            {
                throw new HistoryException($"{options.Path} could not be read: {exception.Message}", exception);
            }
        },
        cancellation);

    private async Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await Task.Run(
                () =>
                {
                    try
                    {
                        var writer = _writer ??= Connect();
                        using var transaction = writer.BeginTransaction();
                        write(writer);
                        transaction.Commit();
                    }
                    catch (SqliteException exception)
                    {
                        throw new HistoryException($"{options.Path} could not be written: {exception.Message}", exception);
                    }
                },
                cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }
}
