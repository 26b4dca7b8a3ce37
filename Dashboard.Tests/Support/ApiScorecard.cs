using System.Text.Json;

namespace Dashboard.Tests.Support;

/// <summary>The answer of <c>/api/v1/scorecard</c>, read as a client of it would, without the product's own types.</summary>
public sealed class ApiScorecard(JsonElement document)
{
    public IReadOnlyDictionary<string, ApiKpi> Kpis { get; } =
        document.GetProperty("kpis").EnumerateArray().Select(kpi => new ApiKpi(kpi)).ToDictionary(kpi => kpi.Id, StringComparer.Ordinal);

    public string? Environment => document.GetProperty("environment").GetString();

    public ApiKpi this[string id] => Kpis[id];

    public IEnumerable<ApiKpi> From(string source) => Kpis.Values.Where(kpi => kpi.Source == source);

    public override string ToString() => string.Join('\n', Kpis.Values);
}

/// <summary>One KPI of the answer.</summary>
public sealed class ApiKpi(JsonElement document)
{
    public string Id => document.GetProperty("id").GetString()!;

    public string Source => document.GetProperty("source").GetString()!;

    public string Status => document.GetProperty("status").GetString()!;

    public string? Reason => document.GetProperty("reason").GetString();

    /// <summary>Null where the answer says <c>null</c>; a missing field is an error.</summary>
    public double? Value => Number(document.GetProperty("value"));

    /// <summary>Whether there is a verdict.</summary>
    public bool IsKnown => Status is "met" or "at_risk" or "missed";

    public double? Attainment(string period) => Number(document.GetProperty("attainment").GetProperty(period));

    public double AttainmentCoverage(string period) => document.GetProperty("attainmentCoverage").GetProperty(period).GetDouble();

    public override string ToString() => $"{Id}: {Status}, {Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"} {Reason}";

    private static double? Number(JsonElement value) => value.ValueKind is JsonValueKind.Null ? null : value.GetDouble();
}
