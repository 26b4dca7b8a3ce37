namespace Dashboard.Sandbox.Servers;

/// <summary>Finds programs on PATH, and PostgreSQL's where Debian keeps them.</summary>
public static class InstalledProgram
{
    private static readonly string[] Usual = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The path of the first of the names that is installed, or null.</summary>
    public static string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Path.IsPathRooted(name))
            {
                if (File.Exists(name))
                    return name;
                continue;
            }

            var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
            foreach (var directory in path.Concat(Usual))
            {
                var candidate = Path.Combine(directory, name);
                if (File.Exists(candidate))
                    return candidate;
            }
        }

        return null;
    }

    /// <summary>A program of PostgreSQL: the newest version under Debian's /usr/lib/postgresql, else the one on PATH, else null.</summary>
    public static string? FindPostgres(string name)
    {
        const string versions = "/usr/lib/postgresql";
        var packaged = Directory.Exists(versions)
            ? Directory.GetDirectories(versions)
                .OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0)
                .Select(d => Path.Combine(d, "bin", name))
                .FirstOrDefault(File.Exists)
            : null;
        return packaged ?? Find(name);
    }
}
