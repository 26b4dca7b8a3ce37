using System.IO.Compression;
using System.Net;
using System.Text;

namespace Dashboard.Tests.Support;

/// <summary>What can happen to a request.</summary>
public static class Faults
{
    /// <summary>Never answers.</summary>
    public static Fault Hang { get; } = (_, _, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);

    public static Fault Reset { get; } = (_, connection, _) =>
    {
        connection.Reset();
        return Task.CompletedTask;
    };

    public static Fault CloseWithoutAnswer { get; } = (_, _, _) => Task.CompletedTask;

    public static Fault NotHttp { get; } = (_, connection, cancellation) => connection.SendAsync("SSH-2.0-OpenSSH_9.2\r\n", cancellation);

    /// <summary>200 MB of JSON that never says how long it is.</summary>
    public static Fault Flood { get; } = async (_, connection, cancellation) =>
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"data\":\"", cancellation);
        var chunk = new byte[100_000];
        Array.Fill(chunk, (byte)'x');
        for (var i = 0; i < 2000; i++)
            await connection.SendAsync(chunk, cancellation);
    };

    /// <summary>200 KB that are 200 MB when they are decompressed.</summary>
    public static Fault Bomb { get; } = async (_, connection, cancellation) =>
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var chunk = new byte[1_000_000];
            for (var i = 0; i < 200; i++)
                await gzip.WriteAsync(chunk, cancellation);
        }

        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n", cancellation);
        await connection.SendAsync(packed.ToArray(), cancellation);
    };

    /// <summary>One byte every few milliseconds, without an end.</summary>
    public static Fault SlowDrip { get; } = async (_, connection, cancellation) =>
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n", cancellation);
        while (true)
        {
            await connection.SendAsync(" ", cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation);
        }
    };

    /// <summary>An answer as it should be, apart from what is in it.</summary>
    public static Fault Status(HttpStatusCode status, string body, string contentType = "application/json", DateTimeOffset? date = null, string? headers = null) =>
        (_, connection, cancellation) => connection.SendAsync(Head(status, contentType, Encoding.UTF8.GetByteCount(body), date, headers) + body, cancellation);

    public static Fault Json(string body, DateTimeOffset? date = null) => Status(HttpStatusCode.OK, body, date: date);

    public static Fault Html(HttpStatusCode status = HttpStatusCode.OK) =>
        Status(status, "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>", "text/html; charset=utf-8");

    /// <summary>Says another length than it sends, then closes.</summary>
    public static Fault WrongLength(string body, int length) => (_, connection, cancellation) =>
        connection.SendAsync(Head(HttpStatusCode.OK, "application/json", length, null, null) + body, cancellation);

    /// <summary>Compressed, as most servers answer.</summary>
    public static Fault Gzip(string body) => async (_, connection, cancellation) =>
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(body), cancellation);
        await connection.SendAsync(Head(HttpStatusCode.OK, "application/json", (int)packed.Length, null, "Content-Encoding: gzip\r\n"), cancellation);
        await connection.SendAsync(packed.ToArray(), cancellation);
    };

    /// <summary>Another answer for each request.</summary>
    public static Fault ByRequest(Func<FaultRequest, Fault> answer) => (request, connection, cancellation) => answer(request)(request, connection, cancellation);

    private static string Head(HttpStatusCode status, string contentType, int length, DateTimeOffset? date, string? headers) =>
        $"HTTP/1.1 {(int)status} {status}\r\nContent-Type: {contentType}\r\nContent-Length: {length}\r\n{(date is { } at ? $"Date: {at:R}\r\n" : "")}{headers}Connection: close\r\n\r\n";
}
