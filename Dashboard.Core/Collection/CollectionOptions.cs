using Dashboard.Core.Settings;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Core.Collection;

/// <summary>How the collector works: the section <c>Collection</c> of the settings.</summary>
public sealed record CollectionOptions
{
    public const string Section = "Collection";

    /// <summary>How often a scorecard is published. 1 s to 1 min. A KPI with a shorter interval of its own makes it shorter.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each source is asked who it is. 1 s to 1 h.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A read that takes longer is given up. 1 s to 10 min. The sources' own time limits are shorter: this is for when they fail.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads at once at one source. 1 to 64.</summary>
    public int ConcurrentReads { get; init; } = 4;

    /// <summary>How far back an empty history is filled from the sources. 0 (not at all) to 30 days. A week, and a day more to hold its first hours against.</summary>
    public TimeSpan Backfill { get; init; } = TimeSpan.FromDays(8);

    /// <summary>A note that belongs on every page, from <c>Dashboard:Environment</c>; null for none.</summary>
    public string? Environment { get; init; }

    /// <exception cref="SettingsException">Names each setting that cannot be used, and what was expected.</exception>
    public static CollectionOptions From(IConfiguration configuration)
    {
        var read = new SettingReader(configuration.GetSection(Section));
        var standard = new CollectionOptions();
        var options = new CollectionOptions
        {
            Interval = read.Span(nameof(Interval), standard.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            ProbeInterval = read.Span(nameof(ProbeInterval), standard.ProbeInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ReadTimeout = read.Span(nameof(ReadTimeout), standard.ReadTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            ConcurrentReads = read.Number(nameof(ConcurrentReads), standard.ConcurrentReads, 1, 64),
            Backfill = read.Span(nameof(Backfill), standard.Backfill, TimeSpan.Zero, TimeSpan.FromDays(30)),
            Environment = configuration["Dashboard:Environment"] is { Length: > 0 } note ? note : null,
        };
        read.ThrowIfAny();
        return options;
    }
}
