using System.IO.Compression;

namespace Dashboard.Web.Scorecards;

/// <summary>
/// One server-sent event as the bytes that go to every viewer: plain, and deflated so that it can be appended to any viewer's gzip stream.
/// </summary>
/// <remarks>
/// A deflate stream may be cut after a sync flush, where it is at a byte boundary, and continued with blocks that refer to nothing before them.
/// So each event is deflated once, on its own, up to a flush; every viewer gets the same bytes after the same ten bytes of gzip header.
/// The stream ends with its connection and so never needs the trailing checksum (RFC 1951 3.2.3, RFC 1952 2.3).
/// </remarks>
public sealed class EventPayload
{
    /// <summary>What a compressed event stream begins with: no name, no time, unknown system.</summary>
    public static ReadOnlyMemory<byte> GzipHeader { get; } = new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };

    /// <summary>A comment that keeps proxies from closing an idle stream. Not an event: viewers take only snapshots for a sign of life.</summary>
    public static EventPayload Heartbeat { get; } = new(":\n\n"u8.ToArray());

    public EventPayload(byte[] plain)
    {
        Plain = plain;
        using var packed = new MemoryStream(plain.Length);
        using var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true);
        deflate.Write(plain);
        deflate.Flush();
        Deflated = packed.ToArray();
    }

    public ReadOnlyMemory<byte> Plain { get; }

    /// <summary>Whole deflate blocks up to a flush; never the last block of a stream.</summary>
    public ReadOnlyMemory<byte> Deflated { get; }
}
