using Npgsql;
using NpgsqlTypes;
using static Dashboard.Sandbox.Reconciliation.FaultableDatabase;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>What people have to do, and what they think of the service.</summary>
internal sealed class TaskStore(FaultableDatabase database, TimeProvider clock)
{
    private const string TaskColumns = "id, kind, status, due_at, completed_at";

    public Task<List<TaskAnswer>> OpenAsync(int limit, CancellationToken cancellation) => ReadAsync(
        database.Command(
            $"/* open tasks */ select {TaskColumns} from tasks where status = 'open' {Pace} order by due_at limit @limit",
            new NpgsqlParameter("limit", limit)),
        Task,
        cancellation);

    /// <summary>Completes an open task; one that is completed or failed already stays as it is. Null when there is no such task.</summary>
    public async Task<TaskAnswer?> CompleteAsync(long id, CancellationToken cancellation)
    {
        var completed = await ReadAsync(
            database.Command(
                $"""
                /* complete task */ update tasks set status = 'completed', completed_at = @at
                where id = @id and status = 'open' {Pace} returning {TaskColumns}
                """,
                new NpgsqlParameter("id", id),
                new NpgsqlParameter("at", clock.GetUtcNow())),
            Task,
            cancellation);
        if (completed is [var task])
            return task;
        var there = await ReadAsync(
            database.Command($"/* one task */ select {TaskColumns} from tasks where id = @id {Pace}", new NpgsqlParameter("id", id)),
            Task,
            cancellation);
        return there is [var other] ? other : null;
    }

    public async Task<long> AddFeedbackAsync(int score, string? comment, CancellationToken cancellation)
    {
        await using var command = database.Command(
            $"""
            /* add feedback */ insert into feedback (score, comment, given_at)
            select @score, @comment, @at where true {Pace} returning id
            """,
            new NpgsqlParameter("score", NpgsqlDbType.Smallint) { Value = (short)score },
            new NpgsqlParameter("comment", NpgsqlDbType.Text) { Value = (object?)comment ?? DBNull.Value },
            new NpgsqlParameter("at", clock.GetUtcNow()));
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Adds tasks until so many are open.</summary>
    /// <returns>How many were added.</returns>
    public async Task<int> TopUpAsync(int open, IReadOnlyList<string> kinds, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            /* new tasks */ insert into tasks (kind, created_at, due_at, status)
            select @kinds[1 + number % cardinality(@kinds)], @at, @at + interval '30 minutes', 'open'
            from generate_series(1, @open - (select count(*) from tasks where status = 'open')::integer) number
            """);
        command.Parameters.AddWithValue("kinds", kinds.ToArray());
        command.Parameters.AddWithValue("at", clock.GetUtcNow());
        command.Parameters.AddWithValue("open", open);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Closes the oldest open tasks with this status, at most so many and only those created before a time.</summary>
    public async Task CloseOldestAsync(int count, string status, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            /* close tasks */ update tasks set status = @status, completed_at = case when @status = 'completed' then @at end
            where id in (select id from tasks where status = 'open' and created_at <= @before order by due_at, id limit @count)
            """);
        command.Parameters.AddWithValue("status", status);
        command.Parameters.AddWithValue("at", clock.GetUtcNow());
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("before", before);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static TaskAnswer Task(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4));
}
