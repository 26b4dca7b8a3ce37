using Dashboard.Core.Settings;

namespace Dashboard.Web.Hosting;

/// <summary>What the dashboard keeps on disk besides its history.</summary>
public static class DataFolder
{
    /// <summary>The folder of the keys that protect forms and circuits; for its owner only.</summary>
    /// <exception cref="SettingsException">It cannot be made.</exception>
    public static DirectoryInfo Keys(string dataPath)
    {
        var path = Path.Combine(dataPath, "keys");
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Dashboard:DataPath is \"{dataPath}\", where no folder can be made: {e.Message}");
        }
    }
}
