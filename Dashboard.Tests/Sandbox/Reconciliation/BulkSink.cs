using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dashboard.Tests.Sandbox.Reconciliation;

/// <summary>Takes what is sent to an Elasticsearch bulk interface.</summary>
public sealed class BulkSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<(string Index, JsonElement Document)> documents = Channel.CreateUnbounded<(string, JsonElement)>();

    private BulkSink(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public static async Task<BulkSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new BulkSink(builder.Build());
        sink.app.Run(sink.TakeAsync);
        await sink.app.StartAsync();
        return sink;
    }

    /// <summary>The next document like this; those before it are passed over.</summary>
    public async Task<(string Index, JsonElement Document)> NextAsync(Func<JsonElement, bool> like)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var document in documents.Reader.ReadAllAsync(patience.Token))
        {
            if (like(document.Document))
                return document;
        }

        throw new InvalidOperationException("The sink was closed.");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var pair in lines.Chunk(2))
        {
            var index = JsonDocument.Parse(pair[0]).RootElement.GetProperty("create").GetProperty("_index").GetString()!;
            await documents.Writer.WriteAsync((index, JsonDocument.Parse(pair[1]).RootElement));
        }

        await context.Response.WriteAsync("{}");
    }
}
