using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Core.Settings;

/// <summary>Reads the settings of one section, and gathers what is wrong with them, so that all of it is told at once.</summary>
internal sealed class SettingReader(IConfigurationSection section)
{
    private readonly List<string> _problems = [];

    /// <summary>A span of time, "00:00:30" or "7.00:00:00".</summary>
    public TimeSpan Span(string key, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (section[key] is not { Length: > 0 } text)
            return otherwise;
        if (TimeSpan.TryParseExact(text, ["c", "g"], CultureInfo.InvariantCulture, out var span) && text.Contains(':', StringComparison.Ordinal) && span >= least && span <= most)
            return span;
        _problems.Add($"{section.Path}:{key} is \"{text}\": expected a time span as [days.]hours:minutes:seconds, from {least:c} to {most:c}.");
        return otherwise;
    }

    public int Number(string key, int otherwise, int least, int most)
    {
        if (section[key] is not { Length: > 0 } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _problems.Add($"{section.Path}:{key} is \"{text}\": expected a whole number from {least} to {most}.");
        return otherwise;
    }

    /// <exception cref="SettingsException">Something was wrong.</exception>
    public void ThrowIfAny()
    {
        if (_problems is not [])
            throw new SettingsException([.. _problems]);
    }
}
