using System.Text.Json;
using Dashboard.Tests.Support;

namespace Dashboard.Tests.Api;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_lists_every_route_with_its_answers_and_resolves_every_reference()
    {
        await using var dashboard = await RunningDashboard.StartAsync(SampleScorecard.Create());
        using var document = JsonDocument.Parse(await dashboard.Client.GetStringAsync("/openapi/v1.json"));
        var root = document.RootElement;
        Assert.StartsWith("3.", root.GetProperty("openapi").GetString(), StringComparison.Ordinal);

        var paths = root.GetProperty("paths").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        Assert.Superset(new HashSet<string> { "/api/v1/scorecard", "/api/v1/sources", "/api/v1/kpis/{id}/series", "/healthz", "/readyz" }, paths.Keys.ToHashSet());
        Assert.All(paths.Values, path => Assert.False(string.IsNullOrEmpty(path.GetProperty("get").GetProperty("summary").GetString())));

        var series = paths["/api/v1/kpis/{id}/series"].GetProperty("get");
        Assert.Equal(["id", "from", "to", "step"], series.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        Assert.Superset(new HashSet<string> { "200", "400", "404", "502" }, series.GetProperty("responses").EnumerateObject().Select(r => r.Name).ToHashSet());

        var schemas = root.GetProperty("components").GetProperty("schemas");
        Assert.All(References(root), reference =>
        {
            Assert.StartsWith("#/components/schemas/", reference, StringComparison.Ordinal);
            Assert.True(schemas.TryGetProperty(reference["#/components/schemas/".Length..], out _), reference);
        });
        Assert.True(schemas.GetProperty("KpiDocument").GetProperty("properties").TryGetProperty("measuredAt", out _));
    }

    private static IEnumerable<string> References(JsonElement root)
    {
        var open = new Stack<JsonElement>([root]);
        while (open.TryPop(out var element))
        {
            if (element.ValueKind is JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    open.Push(item);
            }
            else if (element.ValueKind is JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (property.NameEquals("$ref") && property.Value.ValueKind is JsonValueKind.String)
                        yield return property.Value.GetString()!;
                    else
                        open.Push(property.Value);
                }
            }
        }
    }
}
