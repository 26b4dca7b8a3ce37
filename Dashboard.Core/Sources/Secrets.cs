namespace Dashboard.Core.Sources;

/// <summary>
/// The secrets of one source as they were last used. Text that came from the source goes through <see cref="Hide"/> before it is shown:
/// a server may repeat what it was sent.
/// </summary>
internal sealed class Secrets
{
    // Shorter ones would blot out ordinary words.
    private const int Shortest = 4;

    private volatile string[] _known = [];

    public void Remember(params IEnumerable<string?> secrets)
    {
        string[] known = [.. secrets.OfType<string>().Where(s => s.Length >= Shortest)];
        if (!known.SequenceEqual(_known))
            _known = known;
    }

    public string Hide(string text)
    {
        foreach (var secret in _known)
            text = text.Replace(secret, "•••", StringComparison.Ordinal);
        return text;
    }
}
