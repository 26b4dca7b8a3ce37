using System.Globalization;

namespace Dashboard.Benchmarks.Load;

/// <summary>What a process uses, as the kernel counts it.</summary>
internal static class ProcessUse
{
    /// <summary>Resident memory in MB (2^20 bytes).</summary>
    public static double ResidentMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Processor time used so far (user and system). The kernel counts in ticks of 10 ms.</summary>
    public static TimeSpan Cpu(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>The dashboard that was told to listen on a port: another one may run beside it.</summary>
    public static int FindDashboard(int port)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) || pid == Environment.ProcessId)
                continue;
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains("Dashboard.Web.dll\0", StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(folder, "environ")).Split('\0').Contains($"DASHBOARD_PORT={port}"))
                    return pid;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }

        throw new InvalidOperationException($"No dashboard runs on port {port}.");
    }
}
