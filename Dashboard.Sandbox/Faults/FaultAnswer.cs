using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dashboard.Sandbox.Faults;

/// <summary>A fault and how it stands, as it is told over HTTP.</summary>
public sealed record FaultAnswer(
    string Name, string Title, bool On, double Intensity, DateTimeOffset? Until, string Unit, double Default, double Most,
    string Effect, IReadOnlyList<string> Kpis)
{
    public static FaultAnswer Of(FaultState state) => new(
        state.Fault.Name, state.Fault.Title, state.On, state.Intensity, state.Until, state.Fault.Unit, state.Fault.Default, state.Fault.Most,
        state.Fault.Effect, state.Fault.Kpis);
}

/// <summary>All faults, on or off.</summary>
public sealed record FaultsAnswer(IReadOnlyList<FaultAnswer> Faults)
{
    public static FaultsAnswer Of(FaultSet faults) => new([.. faults.States.Select(FaultAnswer.Of)]);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FaultsAnswer))]
internal sealed partial class FaultJson : JsonSerializerContext;
