using System.Text.Json;
using Dashboard.Sandbox.Faults;

namespace Dashboard.Sandbox.Control;

/// <summary>
/// The faults of the whole sandbox: the partner's, which live beside the control page, and the reference service's, which live in its
/// process and end with it.
/// </summary>
internal sealed class ServiceFaults(HttpClient service, FaultSet partner)
{
    private static readonly Uri Path = new(FaultRoutes.Path.TrimStart('/'), UriKind.Relative);

    /// <summary>Every fault as it stands. A service that is down has none.</summary>
    public async Task<FaultsAnswer> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await service.GetAsync(Path, cancellation);
            return await MergeAsync(answer, cancellation);
        }
        catch (Exception away) when (Away(away, cancellation))
        {
            return FaultsAnswer.Of(partner);
        }
    }

    /// <returns>The faults after the change; null when the service did not answer, and then nothing was changed.</returns>
    public async Task<FaultsAnswer?> ApplyAsync(IReadOnlyList<FaultChange> changes, CancellationToken cancellation)
    {
        // Sent as it was understood, so that nothing but known faults is passed on.
        using var content = new ByteArrayContent(Write(changes));
        content.Headers.ContentType = new("application/json");
        try
        {
            using var answer = await service.PostAsync(Path, content, cancellation);
            partner.Apply(changes.Where(change => change.Fault == Fault.Timeouts));
            return await MergeAsync(answer, cancellation);
        }
        catch (Exception away) when (Away(away, cancellation))
        {
            return null;
        }
    }

    /// <summary>Ends every fault that can be reached; those of a service that is down ended with it.</summary>
    public async Task<FaultsAnswer> ClearAsync(CancellationToken cancellation)
    {
        partner.Clear();
        try
        {
            using var answer = await service.DeleteAsync(Path, cancellation);
            return await MergeAsync(answer, cancellation);
        }
        catch (Exception away) when (Away(away, cancellation))
        {
            return FaultsAnswer.Of(partner);
        }
    }

    private async Task<FaultsAnswer> MergeAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var faults = (await JsonSerializer.DeserializeAsync(body, FaultJson.Default.FaultsAnswer, cancellation))!.Faults;
        var own = FaultsAnswer.Of(partner).Faults.Single(fault => fault.Name == Fault.Timeouts.Name);
        return new FaultsAnswer([.. faults.Select(fault => fault.Name == own.Name ? own : fault)]);
    }

    private static byte[] Write(IReadOnlyList<FaultChange> changes)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var change in changes)
            {
                writer.WriteStartObject(change.Fault.Name);
                writer.WriteNumber("intensity", change.Intensity);
                if (change.Duration is { } duration)
                    writer.WriteNumber("seconds", duration.TotalSeconds);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool Away(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);
}
