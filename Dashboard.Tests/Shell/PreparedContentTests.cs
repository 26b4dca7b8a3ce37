using System.IO.Compression;
using System.Text;
using Dashboard.Web.Shell;
using Microsoft.AspNetCore.Http;

namespace Dashboard.Tests.Shell;

public sealed class PreparedContentTests
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("the same again. ", 200));
    private readonly PreparedContent _content = new(Text, "text/plain; charset=utf-8", "no-cache", CompressionLevel.Fastest);

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", "")]
    [InlineData("", "")]
    public async Task Every_variant_unpacks_to_the_same_text(string accepted, string expected)
    {
        var context = await GetAsync(accepted);

        Assert.Equal(expected, context.Response.Headers.ContentEncoding.ToString());
        Assert.Equal(context.Response.ContentLength, context.Response.Body.Length);
        context.Response.Body.Position = 0;
        await using var body = expected switch
        {
            "br" => new BrotliStream(context.Response.Body, CompressionMode.Decompress),
            "gzip" => new GZipStream(context.Response.Body, CompressionMode.Decompress),
            _ => context.Response.Body,
        };
        using var reader = new StreamReader(body, Encoding.UTF8);
        Assert.Equal(Text, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_has_it_is_sent_nothing()
    {
        var first = await GetAsync("br");

        var again = await GetAsync("br", request => request.Headers.IfNoneMatch = first.Response.Headers.ETag);
        var other = await GetAsync("gzip", request => request.Headers.IfNoneMatch = first.Response.Headers.ETag);

        Assert.Equal((304, 0L), (again.Response.StatusCode, again.Response.Body.Length));
        Assert.Equal(200, other.Response.StatusCode);
        Assert.Equal("Accept-Encoding", first.Response.Headers.Vary.ToString());
    }

    [Fact]
    public async Task HEAD_tells_the_length_and_sends_nothing()
    {
        var context = await GetAsync("", request => request.Method = "HEAD");

        Assert.Equal((Text.Length, 0), (context.Response.ContentLength, context.Response.Body.Length));
    }

    private async Task<HttpContext> GetAsync(string accepted, Action<HttpRequest>? change = null)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() }, Request = { Method = "GET" } };
        context.Request.Headers.AcceptEncoding = accepted;
        change?.Invoke(context.Request);
        await _content.WriteAsync(context);
        return context;
    }
}
