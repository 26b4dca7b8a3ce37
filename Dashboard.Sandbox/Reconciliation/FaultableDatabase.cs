using Dashboard.Sandbox.Faults;
using Npgsql;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>The service's way to its database, which the slow-database fault makes really slow.</summary>
internal sealed class FaultableDatabase(NpgsqlDataSource source, FaultSet faults)
{
    /// <summary>
    /// Stands in each statement where one more condition may. While the database is slow, it becomes one that the server must wait for,
    /// so that the wait shows where a real one would: in the statement's span, in pg_stat_statements and in a connection held longer.
    /// </summary>
    public const string Pace = "/*pace*/";

    public NpgsqlCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var milliseconds = faults.IntensityOf(Fault.SlowDatabase);
        var condition = milliseconds > 0 ? "and (select pg_sleep(@pace)) is not null" : "";
        var command = source.CreateCommand(statement.Replace(Pace, condition, StringComparison.Ordinal));
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        if (milliseconds > 0)
            command.Parameters.AddWithValue("pace", milliseconds / 1000 * (0.6 + (0.8 * Random.Shared.NextDouble())));
        return command;
    }

    public static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation))
                rows.Add(row(reader));
            return rows;
        }
    }

    public NpgsqlDataSource Source => source;
}
