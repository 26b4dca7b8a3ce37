using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Dashboard.Web.Shell;

/// <summary>The look's custom properties as the style sheet defines them (<c>wwwroot-assets/css/tokens.css</c>), for code that needs them as values.</summary>
/// <param name="Light">Name without the leading dashes → value.</param>
/// <param name="Dark">As <paramref name="Light"/>, with what the dark theme does not change taken over.</param>
public sealed partial record DesignTokens(FrozenDictionary<string, string> Light, FrozenDictionary<string, string> Dark)
{
    /// <summary>The tokens this build was made with.</summary>
    public static DesignTokens Current { get; } = Load();

    /// <summary>Reads a style sheet that has a <c>:root</c> rule and a <c>[data-theme="dark"]</c> rule.</summary>
    /// <exception cref="FormatException">One of the two rules is missing.</exception>
    public static DesignTokens Parse(string css)
    {
        var light = Properties(css, ":root");
        var dark = new Dictionary<string, string>(light, StringComparer.Ordinal);
        foreach (var (name, value) in Properties(css, "[data-theme=\"dark\"]"))
            dark[name] = value;
        return new DesignTokens(light.ToFrozenDictionary(StringComparer.Ordinal), dark.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static DesignTokens Load()
    {
        using var stream = typeof(DesignTokens).Assembly.GetManifestResourceStream("tokens.css")
            ?? throw new InvalidOperationException("The build left out tokens.css.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private static Dictionary<string, string> Properties(string css, string selector)
    {
        var start = css.IndexOf($"{selector} {{", StringComparison.Ordinal);
        var end = start < 0 ? -1 : css.IndexOf('}', start);
        if (end < 0)
            throw new FormatException($"tokens.css has no rule for {selector}.");
        return Property.Matches(css[start..end]).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim(), StringComparer.Ordinal);
    }

    [GeneratedRegex(@"--(?<name>[a-z0-9-]+):(?<value>[^;]+);", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Property { get; }
}
