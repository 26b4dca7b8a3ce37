using System.Globalization;
using Dashboard.Core.Kpis.Dialects;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Core.Kpis.Configuration;

/// <summary>Reads the fields of one settings entry and notes every problem with them, as a sentence that names entry, field, what was found and what was expected.</summary>
/// <param name="section">The entry.</param>
/// <param name="title">How the entry is named in problems: <c>Kpis[2] (error-rate)</c>.</param>
/// <param name="problems">Where problems are noted.</param>
internal sealed class SettingsReader(IConfiguration section, string title, List<string> problems)
{
    /// <summary>Notes each field that is not among the known ones.</summary>
    public void OnlyKnows(IReadOnlyList<string> fields)
    {
        foreach (var child in section.GetChildren().Where(c => !fields.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            problems.Add($"{title}: there is no field \"{child.Key}\"; expected one of {string.Join(", ", fields)}.");
    }

    public bool Has(string field) => section.GetSection(field).Exists();

    public void Expected(string field, string expected) =>
        problems.Add(Has(field) ? $"{title}, {field}: found {Found(field)}, expected {expected}." : $"{title}, {field}: missing, expected {expected}.");

    /// <summary>A text that is not empty; null where the field is missing or wrong.</summary>
    public string? Text(string field, bool required = false, string expected = "a text")
    {
        if (!Has(field) && !required)
            return null;
        if (section[field] is { } text && !string.IsNullOrWhiteSpace(text))
            return text.Trim();

        Expected(field, expected);
        return null;
    }

    public TimeSpan? Duration(string field, TimeSpan least, TimeSpan most)
    {
        if (!Has(field))
            return null;
        if (KpiDuration.TryParse(section[field], out var duration) && duration >= least && duration <= most)
            return duration;

        Expected(field, $"a duration such as 5s, 5m, 24h or 30d, from {KpiDuration.Format(least)} to {KpiDuration.Format(most)}");
        return null;
    }

    public int? Count(string field)
    {
        if (!Has(field))
            return null;
        if (int.TryParse(section[field], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return count;

        Expected(field, "a whole number from 0");
        return null;
    }

    public double? Number(string field, Func<double, bool> allowed, string expected)
    {
        if (!Has(field))
            return null;
        if (TryNumber(section[field], out var number) && allowed(number))
            return number;

        Expected(field, expected);
        return null;
    }

    /// <summary>A PromQL template whose variables exist and whose brackets close.</summary>
    public string? Template(string field, bool required = false)
    {
        if (Text(field, required, "a PromQL expression") is not { } template)
            return null;
        if (PromQlTemplate.UnknownIn(template) is [var unknown, ..])
        {
            Expected(field, $"only these variables, not ${unknown}: {string.Join(", ", PromQlTemplate.Variables.Select(v => "$" + v))}");
            return null;
        }

        if (PromQlOutline.Of(PromQlTemplate.Expand(template, KnownDialects.OpenTelemetry, "job=\"x\"", TimeSpan.FromMinutes(5))).Problem is not { } problem)
            return template;

        Expected(field, $"a PromQL expression, but {problem}");
        return null;
    }

    /// <summary>A PromQL template that selects series and does nothing else with them.</summary>
    public string? Series(string field)
    {
        if (Template(field) is not { } template)
            return null;
        var expression = PromQlTemplate.Expand(template, KnownDialects.OpenTelemetry, "job=\"x\"", TimeSpan.FromMinutes(5)).Trim();
        if (PromQlOutline.Of(expression).Selectors is [var only] && only == expression)
            return template;

        Expected(field, "the series whose newest sample tells the age of the value, such as $requests{$selector}");
        return null;
    }

    /// <summary>
    /// A target, written <c>"&lt; 50"</c>, or as an object of <c>Comparison</c> and <c>Value</c>, or as a number alone where the side is known.
    /// </summary>
    public (Comparison Comparison, double Value)? Target(string field, Comparison? known)
    {
        var entry = section.GetSection(field);
        var (sign, number) = entry.Value is { } text ? Split(text.Trim()) : (entry["Comparison"]?.Trim() ?? "", entry["Value"] ?? "");
        Comparison? comparison = sign switch
        {
            "<" => Comparison.LessThan,
            ">" => Comparison.GreaterThan,
            "" => known,
            _ => null,
        };
        var stray = entry.GetChildren().FirstOrDefault(c => !c.Key.Equals("Comparison", StringComparison.OrdinalIgnoreCase) && !c.Key.Equals("Value", StringComparison.OrdinalIgnoreCase));
        if (stray is null && comparison is { } side && TryNumber(number, out var value))
            return (side, value);

        Expected(field, known is null ? "\"<\" or \">\" and a number, such as \"< 50\"" : "a number, or \"<\" or \">\" and a number, such as \"< 50\"");
        return null;

        static (string Sign, string Number) Split(string text) => text.Length > 0 && text[0] is '<' or '>' ? (text[..1], text[1..]) : ("", text);
    }

    /// <summary>A margin: a number in the KPI's unit, or a percentage of the target.</summary>
    public double? Margin(string field, Comparison comparison, double target, string unit)
    {
        if (!Has(field))
            return null;
        var text = section[field]?.Trim() ?? "";
        var share = text.EndsWith('%');
        if (TryNumber(share ? text[..^1] : text, out var number) && number >= 0 && (!share || number <= 100))
            return share ? KpiMargin.Share(number / 100, comparison, target, unit) : number;

        Expected(field, "a number from 0 in the KPI's unit, or a percentage of the target such as \"10%\"");
        return null;
    }

    private static bool TryNumber(string? text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private string Found(string field)
    {
        var entry = section.GetSection(field);
        return entry.Value is not { } value ? "an object or a list"
            : value.Length is 0 ? "nothing"
            : value.Length <= 120 ? $"\"{value}\""
            : $"\"{value[..117]}…\"";
    }
}
