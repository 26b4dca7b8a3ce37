using System.Globalization;

namespace Dashboard.Core.Kpis;

/// <summary>The width of the zone before a target in which a KPI is at risk.</summary>
public static class KpiMargin
{
    /// <summary>
    /// The margin where none is set: 10% of the target, and where higher is better and the unit has a ceiling (a percentage, a score of 5), 10% of what is left
    /// to the ceiling. In the KPI's unit.
    /// </summary>
    public static double Default(Comparison comparison, double target, string unit) => Share(0.1, comparison, target, unit);

    /// <summary>A share of the target, or of what is left to the ceiling, as in <see cref="Default"/>.</summary>
    public static double Share(double share, Comparison comparison, double target, string unit)
    {
        var whole = comparison is Comparison.GreaterThan && Ceiling(unit) is { } ceiling && ceiling > target ? ceiling - target : Math.Abs(target);

        // Rounded, since 0.1 * (5 - 4.5) and the like are not what is written.
        return Math.Round(share * whole, 12);
    }

    /// <summary>The highest value a unit allows: 100 for "%", N for "of N"; null where there is none.</summary>
    public static double? Ceiling(string unit) => unit switch
    {
        "%" => 100,
        _ when unit.StartsWith("of ", StringComparison.Ordinal) && double.TryParse(unit.AsSpan(3), NumberStyles.Float, CultureInfo.InvariantCulture, out var most) => most,
        _ => null,
    };
}
