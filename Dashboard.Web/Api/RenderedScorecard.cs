using System.IO.Compression;
using System.Text.Json;
using Dashboard.Core.Collection;
using Dashboard.Web.Shell;

namespace Dashboard.Web.Api;

/// <summary>The scorecard's document, written once per snapshot and sent from memory to everyone who asks.</summary>
public sealed class RenderedScorecard(ScorecardFeed feed)
{
    private Rendering? _latest;

    /// <summary>Sends the newest document; 304 where the asker has it already.</summary>
    public Task SendAsync(HttpContext context) => Latest().WriteAsync(context);

    private PreparedContent Latest()
    {
        var scorecard = feed.Latest;
        if (Volatile.Read(ref _latest) is { } latest && ReferenceEquals(latest.Of, scorecard))
            return latest.Content;

        // Two that come at once both write the document; they write the same.
        var json = JsonSerializer.Serialize(ScorecardDocument.Of(scorecard), ApiJson.Default.ScorecardDocument);
        var content = new PreparedContent(json, "application/json; charset=utf-8", "no-cache", CompressionLevel.Fastest);
        Volatile.Write(ref _latest, new Rendering(scorecard, content));
        return content;
    }

    private sealed record Rendering(Scorecard Of, PreparedContent Content);
}
