using System.Globalization;

namespace Dashboard.Web.Formatting;

/// <summary>Shares of a whole as percentages that never flatter: rounded down, and "100%" only for all of it.</summary>
public static class ShareText
{
    /// <param name="share">0 to 1.</param>
    public static string Of(double share) => share switch
    {
        >= 1 => "100%",
        <= 0 => "0%",
        > 0.9999 => ">99.99%",
        > 0.999 => Floor(share, 2),
        < 0.001 => "<0.1%",
        _ => Floor(share, 1),
    };

    private static string Floor(double share, int decimals)
    {
        // The small addition undoes the binary error of shares such as 0.998 × 100 = 99.79999….
        var scale = Math.Pow(10, decimals);
        var floored = Math.Floor((share * 100 * scale) + 1e-7) / scale;
        return floored.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + "%";
    }
}
