using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;
using Dashboard.Core.Settings;
using Microsoft.Data.Sqlite;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.History;

public sealed class SqliteReadingHistoryTests : IDisposable
{
    private static readonly long Minute = HistoryMinute.Of(Noon);
    private static readonly TimeRange Always = new(Noon.AddDays(-1_000), Noon.AddDays(1_000));

    private readonly string _folder = Directory.CreateTempSubdirectory("history-").FullName;

    private string File => Path.Combine(_folder, "deeper", "history.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        HistoryMinute[] minutes = [.. Enumerable.Range(0, 12_000).Select(i => new HistoryMinute(Minute + i, i, i - 1, i + 1, 30_000, 60_000))];
        StatusChange[] changes = [new("a", Noon, KpiStatus.Met), new("a", Noon.AddMinutes(3), KpiStatus.SourceDown)];
        using (var history = await OpenAsync())
            await history.WriteAsync(new HistoryBatch([("a", [.. minutes])], [.. changes], Noon.AddMinutes(4)), CancellationToken.None);

        using var reopened = await OpenAsync();

        Assert.Equal(minutes, await reopened.MinutesAsync("a", Always, CancellationToken.None).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(changes, await reopened.ChangesAsync("a", Always, CancellationToken.None));
        Assert.Equal(Noon.AddMinutes(4), await reopened.SeenUntilAsync(CancellationToken.None));
        Assert.Empty(await reopened.MinutesAsync("b", Always, CancellationToken.None).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_range_gives_its_minutes_and_the_status_it_began_in()
    {
        using var history = await OpenAsync();
        await history.WriteAsync(
            new HistoryBatch(
                [("a", [.. Enumerable.Range(0, 10).Select(i => new HistoryMinute(Minute + i, i, i, i, 0, 60_000))])],
                [new("a", Noon.AddMinutes(-5), KpiStatus.Stale), new("a", Noon, KpiStatus.Met), new("a", Noon.AddMinutes(6), KpiStatus.Missed)],
                Noon),
            CancellationToken.None);
        var range = new TimeRange(Noon.AddMinutes(3), Noon.AddMinutes(6));

        Assert.Equal([3, 4, 5], await history.MinutesAsync("a", range, CancellationToken.None).Select(minute => minute.Last).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([new StatusChange("a", Noon, KpiStatus.Met)], await history.ChangesAsync("a", range, CancellationToken.None));
    }

    [Fact]
    public async Task A_minute_is_replaced_as_it_grows_but_never_by_one_read_afterwards()
    {
        using var history = await OpenAsync();
        await WriteAsync(history, new HistoryMinute(Minute, 1, 1, 1, 10_000, 10_000));
        await WriteAsync(history, new HistoryMinute(Minute, 2, 1, 2, 20_000, 20_000));
        await WriteAsync(history, new HistoryMinute(Minute, 9, 9, 9, 0, 60_000, Backfilled: true));
        await WriteAsync(history, new HistoryMinute(Minute + 1, 9, 9, 9, 0, 60_000, Backfilled: true));

        var minutes = await history.MinutesAsync("a", Always, CancellationToken.None).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new(Minute, 2, 1, 2, 20_000, 20_000), new(Minute + 1, 9, 9, 9, 0, 60_000, Backfilled: true)], minutes);
    }

    [Fact]
    public async Task What_is_older_than_it_is_kept_is_forgotten()
    {
        using var history = await OpenAsync();
        await history.WriteAsync(
            new HistoryBatch(
                [("a", [new(Minute - (400 * 1_440) - 1, 1, 1, 1, 0, 1), new(Minute - (400 * 1_440), 2, 2, 2, 0, 1), new(Minute, 3, 3, 3, 0, 1)])],
                [new("a", Noon.AddDays(-410), KpiStatus.Met), new("a", Noon.AddDays(-405), KpiStatus.Missed), new("a", Noon.AddDays(-1), KpiStatus.Met)],
                Noon),
            CancellationToken.None);

        await history.PruneAsync(Noon, CancellationToken.None);

        Assert.Equal([2, 3], await history.MinutesAsync("a", Always, CancellationToken.None).Select(minute => minute.Last).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([KpiStatus.Missed, KpiStatus.Met], (await history.ChangesAsync("a", Always, CancellationToken.None)).Select(change => change.Status));
    }

    [Fact]
    public async Task A_file_that_is_no_database_stops_the_start_and_names_the_setting()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, string.Concat(Enumerable.Repeat("This is a letter, not a database. ", 200)), TestContext.Current.CancellationToken);
        var problem = await Assert.ThrowsAsync<SettingsException>(OpenAsync);
        Assert.StartsWith($"History:Path names {File}, which is no SQLite file or is damaged", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_stops_the_start_and_names_the_setting()
    {
        using (var history = await OpenAsync())
            await WriteAsync(history, new HistoryMinute(Minute, 1, 1, 1, 1, 1));
        using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = 100;
            file.Write(Enumerable.Repeat((byte)0xAB, 4_000).ToArray());
        }

        var problem = await Assert.ThrowsAsync<SettingsException>(OpenAsync);
        Assert.StartsWith("History:Path", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_where_no_file_can_be_made_stops_the_start_and_names_the_setting()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "deeper"), "in the way", TestContext.Current.CancellationToken);
        var problem = await Assert.ThrowsAsync<SettingsException>(OpenAsync);
        Assert.StartsWith($"History:Path names {File}, which cannot be opened for writing", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        using (await OpenAsync())
        {
            using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var problem = await Assert.ThrowsAsync<SettingsException>(OpenAsync);
        Assert.Contains("a newer version of the dashboard wrote", problem.Message, StringComparison.Ordinal);
    }

    private async Task<SqliteReadingHistory> OpenAsync()
    {
        var history = new SqliteReadingHistory(new HistoryOptions { Path = File });
        try
        {
            await history.OpenAsync(CancellationToken.None);
            return history;
        }
        catch
        {
            history.Dispose();
            throw;
        }
    }

    private static Task WriteAsync(SqliteReadingHistory history, HistoryMinute minute) =>
        history.WriteAsync(new HistoryBatch([("a", [minute])], [], Noon), CancellationToken.None);
}
