using System.Text;
using System.Text.RegularExpressions;

namespace Dashboard.Sandbox.Servers;

/// <summary>Makes the deployed Prometheus configuration run on one machine.</summary>
public static partial class PrometheusConfiguration
{
    /// <summary>
    /// The deployed configuration with each target redirected to a loopback port. Only the address changes: the label <c>instance</c> and all else stay
    /// as deployed, so queries, rules and boards see what they would see in production.
    /// </summary>
    /// <param name="deployed">The text of deploy/prometheus/prometheus.yml.</param>
    /// <param name="directory">Where its rule files lie; absolute.</param>
    /// <param name="ports">The loopback port that stands for each target ("reconciliation-service:2000").</param>
    /// <exception cref="ArgumentException">A target does not occur in the configuration, or one in it has no port.</exception>
    public static string OnLoopback(string deployed, string directory, IReadOnlyDictionary<string, int> ports)
    {
        var targets = Targets.Matches(deployed).Select(m => m.Groups["target"].Value).ToHashSet(StringComparer.Ordinal);
        targets.SymmetricExceptWith(ports.Keys);
        if (targets.Count > 0)
            throw new ArgumentException($"Targets and ports do not match: {string.Join(", ", targets)}.", nameof(ports));

        var running = new StringBuilder();
        foreach (var line in deployed.Split('\n'))
        {
            if (StaticConfigs.Match(line) is { Success: true } block)
                AppendRelabeling(running, block.Groups["indent"].Value, ports);
            running.Append(RuleFile.Replace(line, m => $"{m.Groups["before"]}{Path.Combine(directory, m.Groups["file"].Value)}")).Append('\n');
        }

        return running.ToString().TrimEnd() + "\n";
    }

    [GeneratedRegex("\"(?<target>[a-z0-9.-]+:[0-9]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Targets { get; }

    [GeneratedRegex(@"^(?<indent>\s+)static_configs:\s*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StaticConfigs { get; }

    [GeneratedRegex(@"^(?<before>\s+- )(?<file>[^\s:/]+\.yml)$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuleFile { get; }

    private static void AppendRelabeling(StringBuilder text, string indent, IReadOnlyDictionary<string, int> ports)
    {
        text.Append($"{indent}relabel_configs:\n");
        text.Append($"{indent}  - {{ source_labels: [__address__], target_label: instance }}\n");
        foreach (var (target, port) in ports)
            text.Append($"{indent}  - {{ source_labels: [__address__], regex: '{Regex.Escape(target)}', target_label: __address__, replacement: '127.0.0.1:{port}' }}\n");
    }
}
