namespace Dashboard.Sandbox.Servers;

/// <summary>Asks a starting server over HTTP whether it answers yet.</summary>
internal static class HttpQuestion
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>True on a 2xx answer; false on any other, on none and on none in time.</summary>
    public static async Task<bool> SucceedsAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
