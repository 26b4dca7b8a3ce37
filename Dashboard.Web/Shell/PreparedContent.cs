using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Dashboard.Web.Shell;

/// <summary>
/// A response made once and sent to everyone: its bytes as they are, as brotli and as gzip, each with its entity tag. Sending one costs a copy
/// into the connection's buffer and nothing else.
/// </summary>
public sealed class PreparedContent
{
    private static readonly StringValues VaryByEncoding = "Accept-Encoding";
    private readonly StringValues _contentType;
    private readonly StringValues _cacheControl;
    private readonly Variant _identity;
    private readonly Variant _brotli;
    private readonly Variant _gzip;

    /// <param name="content">The text; sent as UTF-8.</param>
    /// <param name="contentType">With its charset.</param>
    /// <param name="cacheControl">What browsers and proxies may do with it.</param>
    /// <param name="level">How much work compression may be: the smallest for what is made once, the fastest for what lives seconds.</param>
    public PreparedContent(string content, string contentType, string cacheControl, CompressionLevel level)
    {
        _contentType = contentType;
        _cacheControl = cacheControl;
        var bytes = Encoding.UTF8.GetBytes(content);
        var tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 9));
        Tag = tag;
        _identity = new Variant(bytes, StringValues.Empty, $"\"{tag}\"");
        _brotli = new Variant(Compress(bytes, s => new BrotliStream(s, level)), "br", $"\"{tag}-br\"");
        _gzip = new Variant(Compress(bytes, s => new GZipStream(s, level)), "gzip", $"\"{tag}-gz\"");
    }

    /// <summary>Changes exactly when the content does.</summary>
    public string Tag { get; }

    /// <summary>The content, uncompressed.</summary>
    public ReadOnlyMemory<byte> Bytes => _identity.Bytes;

    /// <summary>Answers a GET or HEAD: 304 where the client has it already, else the smallest form the client takes.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var accepted = context.Request.Headers.AcceptEncoding;
        var variant = Accepts(accepted, "br") ? _brotli : Accepts(accepted, "gzip") ? _gzip : _identity;

        var headers = context.Response.Headers;
        headers.ETag = variant.Tag;
        headers.CacheControl = _cacheControl;
        headers.Vary = VaryByEncoding;
        if (context.Response.StatusCode == StatusCodes.Status200OK && Matches(context.Request.Headers.IfNoneMatch, variant.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = _contentType;
        if (variant.Encoding.Count > 0)
            headers.ContentEncoding = variant.Encoding;
        headers.ContentLength = variant.Bytes.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : Written(context.Response.BodyWriter.WriteAsync(variant.Bytes, context.RequestAborted));
    }

    /// <summary>True where an Accept-Encoding header takes a coding: named, and not with q=0.</summary>
    internal static bool Accepts(StringValues header, string coding)
    {
        foreach (var line in header)
        {
            for (var rest = line.AsSpan(); rest.Length > 0;)
            {
                var comma = rest.IndexOf(',');
                var item = comma < 0 ? rest : rest[..comma];
                rest = comma < 0 ? [] : rest[(comma + 1)..];
                var semicolon = item.IndexOf(';');
                var name = (semicolon < 0 ? item : item[..semicolon]).Trim();
                if (name.Equals(coding, StringComparison.OrdinalIgnoreCase))
                    return semicolon < 0 || !IsZero(item[(semicolon + 1)..].Trim());
            }
        }

        return false;
    }

    private static bool IsZero(ReadOnlySpan<char> quality) =>
        quality.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && quality[3..].Trim("0.").IsEmpty;

    private static bool Matches(StringValues header, StringValues tag)
    {
        foreach (var line in header)
        {
            // A weak comparison, as If-None-Match asks for; tags hold no commas.
            if (line is "*" || (line is not null && line.Contains(tag.ToString(), StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    private static Task Written<T>(ValueTask<T> write) => write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask();

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compressor)
    {
        using var packed = new MemoryStream(bytes.Length / 3);
        using (var stream = compressor(packed))
            stream.Write(bytes);
        return packed.ToArray();
    }

    private sealed record Variant(byte[] Bytes, StringValues Encoding, StringValues Tag);
}
