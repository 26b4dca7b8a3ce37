using System.Text;

namespace Dashboard.Core.Sources;

/// <summary>Makes text that came from outside fit to stand in a sentence: one line, no control characters, no endless length.</summary>
internal static class OutsideText
{
    public static string Clean(string text, int length)
    {
        var clean = new StringBuilder(Math.Min(text.Length, length + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= length)
                return clean.ToString().TrimEnd() + "…";

            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                    clean.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.Format)
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().TrimEnd();
    }

    public static string Clean(ReadOnlySpan<byte> utf8, int length) =>
        Clean(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, length * 4)]), length);

    /// <summary>Ends a sentence that came from outside, so that another can follow.</summary>
    public static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";
}
