using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dashboard.Sandbox.Control;

/// <param name="Users">Users there are now.</param>
/// <param name="Sent">Requests since the start.</param>
internal sealed record TrafficAnswer(double Factor, double MostFactor, int Users, long Sent);

internal sealed record ServersAnswer(IReadOnlyList<SandboxServer> Servers);

internal sealed record PageAnswer(Uri? Dashboard);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TrafficAnswer))]
[JsonSerializable(typeof(ServersAnswer))]
[JsonSerializable(typeof(PageAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
