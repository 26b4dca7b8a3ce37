using System.Globalization;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Formatting;

/// <summary>A change as a card shows it.</summary>
/// <param name="Text">"▲ 38%" where it is marked, "+0.4%" where it is no more than noise, "" where there is nothing to compare.</param>
/// <param name="Kind">"better", "worse" or "" (noise, none).</param>
/// <param name="Words">The whole of it in a sentence, for hover and screen readers.</param>
public readonly record struct ChangeText(string Text, string Kind, string Words)
{
    /// <param name="change">Null where there is nothing to compare.</param>
    /// <param name="unit">The KPI's unit.</param>
    /// <param name="against">What it is compared with: "the hour before".</param>
    public static ChangeText Of(KpiChange? change, string unit, string against)
    {
        if (change is null)
            return new ChangeText("", "", "");

        var before = ValueText.WithUnit(ValueText.Of(change.Before, unit), unit);
        var rises = change.Ratio is null or > 0;
        if (change.Ratio is { } small && Math.Abs(small) < 0.0005)
            return new ChangeText("±0", "", $"Unchanged against {against} ({before}).");

        var size = change.Ratio is { } ratio ? Size(Math.Abs(ratio)) : $"from {before}";
        var words = $"{(rises ? "Up" : "Down")} {size} against {against} ({before}): ";
        return change.IsNoise
            ? new ChangeText(change.Ratio is null ? size : (rises ? "+" : "−") + size, "", words + "within its ordinary variation.")
            : new ChangeText((rises ? "▲ " : "▼ ") + size, change.Better ? "better" : "worse", words + (change.Better ? "better." : "worse."));
    }

    private static string Size(double ratio) => ratio switch
    {
        >= 9.995 => $"×{(ratio + 1).ToString("N0", CultureInfo.InvariantCulture)}",
        >= 0.0995 => (ratio * 100).ToString("0", CultureInfo.InvariantCulture) + "%",
        _ => (ratio * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%",
    };
}
