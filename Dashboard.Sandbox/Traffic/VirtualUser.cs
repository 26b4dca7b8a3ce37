using System.Text.Json;
using Dashboard.Sandbox.Reconciliation;
using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Traffic;

/// <summary>Somebody who looks at runs, ledgers and discrepancies, does tasks, and says how it was.</summary>
internal sealed class VirtualUser(string name, Random random, HttpClient http, TimeProvider clock, Action sent)
{
    /// <summary>Mean time between two requests of a user: users / requests per second of the story.</summary>
    public static readonly TimeSpan ThinkTime = TimeSpan.FromSeconds(2.2);

    private static readonly TimeSpan LongestThought = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Annoying = TimeSpan.FromMilliseconds(300);

    private long[] runs = [];
    private long[] tasks = [];
    private bool sawSlow;
    private bool sawFailure;

    /// <summary>Thinks and asks by turns until cancelled.</summary>
    public async Task LiveAsync(CancellationToken cancellation)
    {
        try
        {
            // Not everybody comes at the same moment.
            await ThinkAsync(cancellation);
            while (true)
            {
                await AskAsync(cancellation);
                await ThinkAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The user leaves.
        }
    }

    /// <summary>A request of this user, drawn by the story's weights.</summary>
    internal HttpRequestMessage NextRequest()
    {
        var stray = random.NextDouble() < new SandboxStory(clock.GetUtcNow()).ConditionsAt(clock.GetUtcNow()).ClientErrorShare;
        var route = Draw();
        var request = (route.Method, route.Route) switch
        {
            ("GET", "/api/reconciliations/{id}") => Get($"/api/reconciliations/{(stray ? 999_999_999 : Pick(runs, 1))}"),
            ("GET", "/api/ledgers/{ledger}/entries") =>
                Get($"/api/ledgers/{(stray ? "archive" : random.Next(2) == 0 ? "internal" : "partner")}/entries"),
            ("GET", "/api/partners/{partner}/balance") =>
                Get($"/api/partners/{(stray ? "southbank" : PartnerServer.Partners[random.Next(PartnerServer.Partners.Count)])}/balance"),
            ("POST", "/api/tasks/{id}/complete") when stray => Post("/api/tasks/next/complete", null),
            ("POST", "/api/tasks/{id}/complete") when tasks is not [] => Post($"/api/tasks/{Pick(tasks, 0)}/complete", null),
            // Whoever knows of no task looks for one first.
            ("POST", "/api/tasks/{id}/complete") => Get("/api/discrepancies"),
            ("POST", "/api/feedback") => Post("/api/feedback", Feedback(stray)),
            ("POST", "/api/reconciliations") => Post("/api/reconciliations", null),
            (_, var fixedPath) => Get(stray ? fixedPath + "/latest" : fixedPath),
        };
        request.Headers.Add("X-User-Id", name);
        return request;
    }

    private SandboxRoute Draw()
    {
        var drawn = random.NextDouble() * SandboxStory.Routes.Sum(route => route.Weight);
        foreach (var route in SandboxStory.Routes)
        {
            drawn -= route.Weight;
            if (drawn < 0)
                return route;
        }

        return SandboxStory.Routes[^1];
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        using var request = NextRequest();
        var started = clock.GetTimestamp();
        try
        {
            sent();
            using var answer = await http.SendAsync(request, cancellation);
            sawFailure |= (int)answer.StatusCode >= 500;
            sawSlow |= clock.GetElapsedTime(started) > Annoying;
            if (answer.IsSuccessStatusCode && request.Method == HttpMethod.Get)
                await RememberAsync(request.RequestUri!.AbsolutePath, answer, cancellation);
        }
        catch (HttpRequestException)
        {
            // The service is away; the user tries again later.
            sawFailure = true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            sawFailure = true;
        }
    }

    /// <summary>What the answer lists is what the user opens next.</summary>
    private async Task RememberAsync(string path, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (path == "/api/reconciliations")
            runs = await IdsAsync(answer, "runs", cancellation);
        else if (path == "/api/discrepancies")
            tasks = await IdsAsync(answer, "openTasks", cancellation);
    }

    private static async Task<long[]> IdsAsync(HttpResponseMessage answer, string list, CancellationToken cancellation)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        return [.. body.RootElement.GetProperty(list).EnumerateArray().Select(item => item.GetProperty("id").GetInt64())];
    }

    private Task ThinkAsync(CancellationToken cancellation)
    {
        var thought = -Math.Log(1 - random.NextDouble()) * ThinkTime;
        return Task.Delay(thought < LongestThought ? thought : LongestThought, clock, cancellation);
    }

    private JsonContent Feedback(bool stray)
    {
        var score = stray ? 7 : Satisfaction.Score(random.NextDouble(), sawSlow, sawFailure);
        (sawSlow, sawFailure) = (false, false);
        return JsonContent.Create(new FeedbackRequest(score, Satisfaction.Comment(score)), ReconciliationJson.Default.FeedbackRequest);
    }

    private long Pick(long[] ids, long otherwise) => ids is [] ? otherwise : ids[random.Next(Math.Min(ids.Length, 20))];

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static HttpRequestMessage Post(string path, HttpContent? content) => new(HttpMethod.Post, path) { Content = content };
}
