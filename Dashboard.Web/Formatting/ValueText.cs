using System.Globalization;

namespace Dashboard.Web.Formatting;

/// <summary>Measured values as people read them. Pure; always the invariant culture, so that every reader of a screen sees the same digits.</summary>
public static class ValueText
{
    /// <summary>What stands where there is no value.</summary>
    public const string None = "—";

    private const int MostDecimals = 6;

    /// <summary>
    /// A value in its unit's usual number of digits (about three significant ones; percentages near 100 at least two decimals, and a digit of what is missing),
    /// with as many more as it takes not to look equal to its target or to lie on its other side: 99.8996 against 99.9 is not "99.90".
    /// </summary>
    /// <param name="value">Finite.</param>
    /// <param name="unit">The KPI's unit.</param>
    /// <param name="target">What it is held against, or null.</param>
    public static string Of(double value, string unit, double? target = null)
    {
        var decimals = UsualDecimals(value, unit);
        if (target is not { } wanted || value.Equals(wanted))
            return Fixed(value, decimals);

        for (; decimals < MostDecimals; decimals++)
        {
            var shown = Math.Round(value, decimals, MidpointRounding.AwayFromZero);
            if (value < wanted ? shown < wanted : shown > wanted)
                return Fixed(value, decimals);
        }

        // Closer than six decimals can tell: cut off on the value's own side.
        var scale = Math.Pow(10, MostDecimals);
        return Fixed((value < wanted ? Math.Ceiling(wanted * scale) - 1 : Math.Floor(wanted * scale) + 1) / scale, MostDecimals);
    }

    /// <summary>A number as short as it can be said exactly: targets and other given values ("0.01", "2,000").</summary>
    public static string Given(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    /// <summary>A whole number with thousands separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A value with its unit as it is written in a sentence: "171 ms", "0.04%", "4.62 of 5".</summary>
    public static string WithUnit(string value, string unit) => unit switch
    {
        "" => value,
        "%" => value + unit,
        _ => $"{value} {unit}",
    };

    /// <summary>"&lt; 150 ms", "&gt; 99.9%", "&gt; 4.5" (a score's ceiling is part of the value's unit and not of the target).</summary>
    public static string Target(string sign, double value, string unit) =>
        $"{sign} {WithUnit(Given(value), unit.StartsWith("of ", StringComparison.Ordinal) ? "" : unit)}";

    private static int UsualDecimals(double value, string unit)
    {
        var size = Math.Abs(value);
        if (unit == "%" && size is >= 99 and < 100)
            return Math.Clamp(-(int)Math.Floor(Math.Log10(100 - size)), 2, 4);

        if (value == Math.Floor(value) && (size >= 10 || value == 0))
            return 0;

        return size switch
        {
            >= 100 => 0,
            >= 10 => 1,
            >= 0.1 => 2,
            >= 0.01 => 3,
            0 => 0,
            _ => 4,
        };
    }

    private static string Fixed(double value, int decimals)
    {
        var rounded = Math.Round(value, decimals, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
