using System.Net.Http.Headers;
using System.Threading.Channels;
using OpenTelemetry;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>
/// Sends log documents in batches by Elasticsearch's bulk interface. Its queue is bounded and drops the newest when full:
/// logging never holds a request up, nor does a log server that is down.
/// </summary>
internal sealed class LogSender(HttpClient? http, TimeProvider clock) : BackgroundService
{
    private const int MostQueued = 10_000;
    private const int MostBatchBytes = 1_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Channel<byte[]> queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private byte[]? waiting;

    /// <summary>Whether documents go anywhere at all.</summary>
    public bool Enabled => http is not null;

    public void Send(byte[] document)
    {
        if (Enabled)
            queue.Writer.TryWrite(document);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SendQueuedAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!Enabled)
            return;
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SendQueuedAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping sends what is left.
        }
    }

    private async Task SendQueuedAsync(CancellationToken cancellation)
    {
        while (Enabled && Batch() is { } batch)
        {
            // A batch that failed is tried again before any other, so that documents keep their order.
            waiting = batch;
            if (!await SentAsync(batch, cancellation))
                return;
            waiting = null;
        }
    }

    private byte[]? Batch()
    {
        if (waiting is not null)
            return waiting;
        var batch = new MemoryStream();
        while (batch.Length < MostBatchBytes && queue.Reader.TryRead(out var document))
        {
            batch.Write(EcsDocument.CreateLine(clock.GetUtcNow()));
            batch.Write(document);
            batch.WriteByte((byte)'\n');
        }

        return batch.Length == 0 ? null : batch.ToArray();
    }

    private async Task<bool> SentAsync(byte[] batch, CancellationToken cancellation)
    {
        // The way of a log line is no part of the request that it tells of.
        using var silence = SuppressInstrumentationScope.Begin();
        using var content = new ByteArrayContent(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        try
        {
            using var answer = await http!.PostAsync(new Uri("_bulk", UriKind.Relative), content, cancellation);
            // What the server refuses now it would refuse again; only a server that can't take anything is worth waiting for.
            return answer.IsSuccessStatusCode || (int)answer.StatusCode is >= 400 and < 500 and not 429;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
