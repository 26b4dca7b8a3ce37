using Npgsql;

namespace Dashboard.Core.Sources.Postgres;

/// <summary>Reads a KPI's row by the names of its columns, and says by name which one is not as expected.</summary>
internal sealed class MeasuredRow(NpgsqlDataReader reader)
{
    /// <exception cref="SourceException">There is no such column.</exception>
    public int Find(string column)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (string.Equals(reader.GetName(i), column, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        throw PostgresFailures.NotUnderstood($"The statement's result has no column {column}.");
    }

    /// <exception cref="SourceException">It is no number, or not a finite one.</exception>
    public double? Number(int column)
    {
        if (Read<double>(column, "a number") is not { } number)
            return null;
        return double.IsFinite(number) ? number : throw PostgresFailures.NotUnderstood($"The column {reader.GetName(column)} is {(double.IsNaN(number) ? "NaN" : "infinite")}, which is no value.");
    }

    /// <exception cref="SourceException">It is no whole number, or negative.</exception>
    public long? Count(int column) => Read<long>(column, "a whole number") is not { } count ? null
        : count >= 0 ? count : throw PostgresFailures.NotUnderstood($"The column {reader.GetName(column)} is negative.");

    /// <exception cref="SourceException">It is no moment, or an infinite one.</exception>
    public DateTimeOffset? Moment(int column)
    {
        if (Read<DateTime>(column, "a timestamptz") is not { } moment)
            return null;
        // A timestamp without a zone could be any of 24 hours; infinite ones come as the ends of the calendar.
        if (moment.Kind is not DateTimeKind.Utc || moment == DateTime.MinValue || moment == DateTime.MaxValue)
            throw Unexpected(column, "a timestamptz", null);
        return new DateTimeOffset(moment);
    }

    private T? Read<T>(int column, string expected)
        where T : struct
    {
        try
        {
            return reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
        }
        catch (Exception problem) when (problem is InvalidCastException or OverflowException or FormatException or ArgumentException or NotSupportedException)
        {
            throw Unexpected(column, expected, problem);
        }
    }

    private SourceException Unexpected(int column, string expected, Exception? problem) => PostgresFailures.NotUnderstood(
        $"The column {reader.GetName(column)} is {OutsideText.Clean(reader.GetDataTypeName(column), 60)} where {expected} is expected.", problem);
}
