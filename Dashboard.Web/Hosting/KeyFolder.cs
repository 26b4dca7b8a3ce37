using Dashboard.Core.Settings;

namespace Dashboard.Web.Hosting;

/// <summary>The folder of the keys that protect forms and circuits, so that they outlive a restart.</summary>
public static class KeyFolder
{
    public static DirectoryInfo In(string dataPath) => new(Path.Combine(dataPath, "keys"));

    /// <summary>Makes it, for its owner only.</summary>
    /// <exception cref="SettingsException">It cannot be made.</exception>
    public static void Prepare(string dataPath)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                In(dataPath).Create();
            else
                Directory.CreateDirectory(In(dataPath).FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Dashboard:DataPath is \"{dataPath}\", where no folder can be made: {e.Message}");
        }
    }
}
