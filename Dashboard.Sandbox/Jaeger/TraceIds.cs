using System.Buffers.Binary;
using System.Globalization;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>Reads trace ids: hexadecimal, leading zeros may be missing.</summary>
internal static class TraceIds
{
    public static UInt128? Parse(string text, bool base64 = false)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (base64 && text.Length is 24 && Convert.TryFromBase64String(text, bytes, out var length) && length is 16)
            return BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return text.Length is > 0 and <= 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}
