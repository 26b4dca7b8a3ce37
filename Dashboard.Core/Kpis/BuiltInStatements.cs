namespace Dashboard.Core.Kpis;

/// <summary>The SQL of the business KPIs. The parameters are @from and @to; the columns are those of <see cref="KpiQuery.Sql"/>.</summary>
/// <remarks>
/// The tables are the truth itself, so a value is as new as the database: now, or on a replica the last change it received.
/// </remarks>
internal static class BuiltInStatements
{
    public const string UserSatisfaction = """
        select cast(avg(score) as double precision) as value,
               count(*) as samples,
               min(given_at) as since,
               least(coalesce(pg_last_xact_replay_timestamp(), now()), @to) as newest
        from feedback
        where given_at >= @from and given_at < @to
        """;

    public const string TaskCompletion = """
        select cast(100.0 * count(*) filter (where status = 'completed') / nullif(count(*), 0) as double precision) as value,
               count(*) as samples,
               min(created_at) as since,
               least(coalesce(pg_last_xact_replay_timestamp(), now()), @to) as newest
        from tasks
        where created_at >= @from and created_at < @to
        """;

    public const string DataAccuracy = """
        select cast(100.0 * sum(matched) / nullif(sum(internal_count), 0) as double precision) as value,
               count(*) as samples,
               min(finished_at) as since,
               least(coalesce(pg_last_xact_replay_timestamp(), now()), @to) as newest
        from reconciliation_runs
        where status = 'completed' and finished_at >= @from and finished_at < @to
        """;
}
