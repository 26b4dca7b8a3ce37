using Dashboard.Core.Collection;
using Dashboard.Core.History;
using Dashboard.Core.Settings;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Tests.Collection;

public sealed class CollectionOptionsTests
{
    [Fact]
    public void Without_settings_the_standard_holds()
    {
        var options = CollectionOptions.From(Settings());
        Assert.Equal(new CollectionOptions(), options);
        Assert.Equal(Path.GetFullPath("data/history.db"), HistoryOptions.From(Settings()).Path);
    }

    [Fact]
    public void Settings_are_taken()
    {
        var options = CollectionOptions.From(Settings(("Collection:Interval", "00:00:10"), ("Collection:Backfill", "1.00:00:00"), ("Dashboard:Environment", "Sandbox data")));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromDays(1), "Sandbox data"), (options.Interval, options.Backfill, options.Environment));
        Assert.Equal("/srv/dashboard/history.db", HistoryOptions.From(Settings(("Dashboard:DataPath", "/srv/dashboard"))).Path);
        Assert.Equal("/srv/h.db", HistoryOptions.From(Settings(("Dashboard:DataPath", "/srv/dashboard"), ("History:Path", "/srv/h.db"))).Path);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_with_its_key_and_what_was_expected()
    {
        var problem = Assert.Throws<SettingsException>(() => CollectionOptions.From(
            Settings(("Collection:Interval", "5"), ("Collection:ProbeInterval", "soon"), ("Collection:ConcurrentReads", "0"))));
        Assert.Equal(
            [
                "Collection:Interval is \"5\": expected a time span as [days.]hours:minutes:seconds, from 00:00:01 to 00:01:00.",
                "Collection:ProbeInterval is \"soon\": expected a time span as [days.]hours:minutes:seconds, from 00:00:01 to 01:00:00.",
                "Collection:ConcurrentReads is \"0\": expected a whole number from 1 to 64.",
            ],
            problem.Problems);
        Assert.Throws<SettingsException>(() => HistoryOptions.From(Settings(("History:Days", "-1"))));
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
