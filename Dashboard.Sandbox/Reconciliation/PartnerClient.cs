namespace Dashboard.Sandbox.Reconciliation;

/// <summary>The partner's balance interface.</summary>
internal sealed class PartnerClient(HttpClient http)
{
    /// <summary>The service gives up after this time.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <exception cref="TimeoutException">The partner did not answer in <see cref="Timeout"/>.</exception>
    /// <exception cref="HttpRequestException">The partner could not be reached or answered with an error.</exception>
    public async Task<BalanceAnswer> BalanceAsync(string partner, CancellationToken cancellation)
    {
        try
        {
            return (await http.GetFromJsonAsync(
                $"balances/{Uri.EscapeDataString(partner)}", ReconciliationJson.Default.BalanceAnswer, cancellation))!;
        }
        catch (OperationCanceledException cancelled) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Partner '{partner}' did not answer within {Timeout.TotalSeconds:0.#} s.", cancelled);
        }
    }
}
