using System.Collections.Concurrent;
using System.IO.Compression;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Web.Shell;

namespace Dashboard.Web.Scorecards;

/// <summary>The scorecard as documents: rendered once per snapshot, kept as bytes, served from memory.</summary>
public sealed class ScorecardDocument(StaticRenderer renderer, ScorecardStream stream, KpiCatalog catalog)
{
    private const string Html = "text/html; charset=utf-8";
    private readonly ConcurrentDictionary<string, (long Sequence, Lazy<Task<PreparedContent>> Page)> _details = new(StringComparer.Ordinal);
    private PreparedContent? _page;

    /// <summary>How often the page was rendered since the start.</summary>
    public long Renderings { get; private set; }

    /// <summary>Renders a snapshot and makes it the page that everyone gets from now on.</summary>
    /// <returns>The headline as HTML, as open pages are to be sent it.</returns>
    public async Task<string> RenderAsync(ScorecardView view)
    {
        var html = await renderer.DocumentAsync<ScorecardPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ScorecardPage.View)] = view,
            [nameof(ScorecardPage.Epoch)] = stream.Epoch,
        });
        Renderings++;
        Volatile.Write(ref _page, new PreparedContent(html, Html, "no-cache", CompressionLevel.Fastest));
        return await renderer.FragmentAsync<Headline>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(Headline.View)] = view.Headline });
    }

    /// <summary>Answers a request for the page.</summary>
    public Task WriteAsync(HttpContext context)
    {
        if (Volatile.Read(ref _page) is { } page)
            return page.WriteAsync(context);

        // Only in the moments before the first rendering, in which no one was promised an answer yet.
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }

    /// <summary>Answers a request for a KPI's own page: rendered when first asked for, once per snapshot.</summary>
    /// <returns>False, with nothing answered, where there is no such KPI.</returns>
    public async Task<bool> WriteDetailsAsync(HttpContext context, string id, Scorecard scorecard)
    {
        if ((scorecard.Find(id) ?? (catalog.Find(id) is { } kpi ? ScorecardView.Awaited(kpi) : null)) is not { } state)
            return false;

        var kept = _details.AddOrUpdate(
            id, _ => Fresh(state, scorecard), (_, page) => page.Sequence >= scorecard.Sequence ? page : Fresh(state, scorecard));
        await (await kept.Page.Value).WriteAsync(context);
        return true;
    }

    private (long Sequence, Lazy<Task<PreparedContent>> Page) Fresh(KpiState state, Scorecard scorecard) => (scorecard.Sequence, new(async () =>
    {
        var html = await renderer.DocumentAsync<KpiPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(KpiPage.View)] = DetailsView.Of(state),
            [nameof(KpiPage.Environment)] = scorecard.Environment,
        });
        return new PreparedContent(html, Html, "no-cache", CompressionLevel.Fastest);
    }));
}
