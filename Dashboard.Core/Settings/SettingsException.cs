using System.Collections.Immutable;

namespace Dashboard.Core.Settings;

/// <summary>
/// The settings cannot be used. Start-up stops and shows the problems, and nothing else: each is a sentence that names the entry, the field and what was
/// expected, without secrets. All problems are told at once.
/// </summary>
public sealed class SettingsException(ImmutableArray<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public SettingsException(string problem)
        : this([problem])
    {
    }

    public ImmutableArray<string> Problems => problems;
}
