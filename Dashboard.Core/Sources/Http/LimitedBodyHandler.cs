using System.Net;

namespace Dashboard.Core.Sources.Http;

/// <summary>
/// Reads each answer whole while it arrives, up to a number of bytes after decompression: a flood or a decompression bomb is cut off there and never held.
/// Stands inside the resilience handler, so that an answer that breaks off half-way counts as the failure it is.
/// </summary>
internal sealed class LimitedBodyHandler(int limit) : DelegatingHandler
{
    /// <summary>The token that ends when the time for the answer is up, as distinct from the caller's own.</summary>
    public static readonly HttpRequestOptionsKey<CancellationToken> TimeIsUp = new("Dashboard.TimeIsUp");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                response.Content = await ReadAsync(response.Content, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException canceled) when (request.Options.TryGetValue(TimeIsUp, out var timeIsUp)
            && (timeIsUp.IsCancellationRequested || !cancellationToken.IsCancellationRequested))
        {
            // Told apart here from a caller who gave up, because only a source that is slow shall count towards its rest.
            throw new TimeoutException("The time for the answer is up.", canceled);
        }
    }

    private async Task<WholeBody> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > limit)
            throw new AnswerTooLargeException();

        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var whole = new MemoryStream((int)Math.Min(content.Headers.ContentLength ?? 4096, 64 * 1024));
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancellation) is > 0 and var count)
        {
            if (whole.Length + count > limit)
                throw new AnswerTooLargeException();
            whole.Write(chunk, 0, count);
        }

        var body = new WholeBody(whole.GetBuffer().AsMemory(0, (int)whole.Length));
        body.Headers.ContentType = content.Headers.ContentType;
        return body;
    }
}

/// <summary>A body that is in memory, and can be looked at without a copy.</summary>
internal sealed class WholeBody(ReadOnlyMemory<byte> bytes) : HttpContent
{
    public static ReadOnlyMemory<byte> Of(HttpContent content) => content is WholeBody whole ? whole.Bytes : default;

    private ReadOnlyMemory<byte> Bytes => bytes;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}

internal sealed class AnswerTooLargeException() : Exception("The answer is longer than allowed.");
