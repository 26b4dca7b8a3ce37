namespace Dashboard.Core.Sources;

/// <summary>A file that holds one secret, as orchestrators mount them.</summary>
internal static class SecretFile
{
    /// <exception cref="SecretFileException">It is not there, may not be read, or is empty.</exception>
    public static string Read(string setting, string path)
    {
        try
        {
            var secret = File.ReadAllText(path).Trim();
            return secret.Length > 0 ? secret : throw new SecretFileException(setting, "is empty");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SecretFileException(setting, problem is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read", problem);
        }
    }
}

/// <param name="setting">The setting that names the file, without its section.</param>
/// <param name="problem">What is wrong with the file.</param>
/// <param name="inner">What the file system said.</param>
internal sealed class SecretFileException(string setting, string problem, Exception? inner = null) : Exception($"The file of {setting} {problem}.", inner)
{
    public string Setting => setting;

    public string Problem => problem;
}
