using Microsoft.AspNetCore.StaticAssets;

namespace Dashboard.Web.Shell;

/// <summary>
/// Where a static file is to be fetched from: its address with the fingerprint of its content, which browsers keep for a year, where the
/// application maps its static assets; else its plain address.
/// </summary>
public sealed class AssetAddresses
{
    private Lazy<Dictionary<string, string>> _fingerprinted = new(static () => []);

    /// <summary>Looks among these endpoints from now on; read when the first address is asked for, so that the order of mapping does not matter.</summary>
    public void LookIn(ICollection<EndpointDataSource> sources) => _fingerprinted = new(() => Fingerprinted(sources));

    /// <param name="path">From the web root, without a leading slash: "css/dashboard.css".</param>
    public string Find(string path) => "/" + _fingerprinted.Value.GetValueOrDefault(path, path);

    private static Dictionary<string, string> Fingerprinted(ICollection<EndpointDataSource> sources)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var assets = sources.SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<StaticAssetDescriptor>()).OfType<StaticAssetDescriptor>();
        foreach (var asset in assets)
        {
            if (asset.Properties.FirstOrDefault(p => p.Name == "label")?.Value is { } label && asset.Properties.Any(p => p.Name == "fingerprint"))
                found.TryAdd(label, asset.Route);
        }

        return found;
    }
}
