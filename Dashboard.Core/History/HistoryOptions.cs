using Dashboard.Core.Settings;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Core.History;

/// <summary>Where readings are kept, and how long: the section <c>History</c> of the settings.</summary>
public sealed record HistoryOptions
{
    public const string Section = "History";

    /// <summary>The SQLite file; created, with its folders, where it does not exist. Standard: <c>history.db</c> in the folder of <c>Dashboard:DataPath</c>.</summary>
    public string Path { get; init; } = System.IO.Path.GetFullPath(System.IO.Path.Combine("data", "history.db"));

    /// <summary>How many days are kept, 1 to 4000. A year and a month, so that a month can be held against itself a year ago.</summary>
    public int Days { get; init; } = 400;

    /// <exception cref="SettingsException">Names each setting that cannot be used, and what was expected.</exception>
    public static HistoryOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var read = new SettingReader(section);
        var standard = new HistoryOptions();
        var data = configuration["Dashboard:DataPath"] is { Length: > 0 } folder ? System.IO.Path.Combine(folder, "history.db") : standard.Path;
        var options = new HistoryOptions
        {
            Path = System.IO.Path.GetFullPath(section[nameof(Path)] is { Length: > 0 } path ? path : data),
            Days = read.Number(nameof(Days), standard.Days, 1, 4000),
        };
        read.ThrowIfAny();
        return options;
    }
}
