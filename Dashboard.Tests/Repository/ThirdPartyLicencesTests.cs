using System.Text.Json;
using System.Xml.Linq;

namespace Dashboard.Tests.Repository;

/// <summary>The list of third-party licences names everything the product is built with, in the version that is pinned.</summary>
public sealed class ThirdPartyLicencesTests
{
    private static readonly string Listed = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "third-party-licences.md"));

    [Fact]
    public void Every_pinned_NuGet_package_is_listed_with_its_version()
    {
        var pinned = XDocument.Load(Path.Combine(RepositoryRoot.Path, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(p => $"| {p.Attribute("Include")!.Value} | {p.Attribute("Version")!.Value} |")
            .ToList();

        Assert.NotEmpty(pinned);
        Assert.All(pinned, row => Assert.Contains(row, Listed, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_pinned_npm_package_is_listed_with_its_version()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "wwwroot-assets", "package.json")));
        var pinned = new[] { "dependencies", "devDependencies" }
            .Where(section => package.RootElement.TryGetProperty(section, out _))
            .SelectMany(section => package.RootElement.GetProperty(section).EnumerateObject())
            .Select(p => $"| {p.Name} | {p.Value.GetString()} |")
            .ToList();

        Assert.NotEmpty(pinned);
        Assert.All(pinned, row => Assert.Contains(row, Listed, StringComparison.Ordinal));
    }
}
