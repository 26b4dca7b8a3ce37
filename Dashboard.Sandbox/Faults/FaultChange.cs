using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Faults;

/// <summary>A wish to switch a fault.</summary>
/// <param name="Fault">Which one.</param>
/// <param name="Intensity">How strong, in the fault's own unit; 0 switches it off.</param>
/// <param name="Duration">For how long; null until it is switched off.</param>
public sealed record FaultChange(Fault Fault, double Intensity, TimeSpan? Duration)
{
    /// <summary>The longest time that can be asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>
    /// Reads <c>{"slowDatabase": true, "errors": 0.3, "timeouts": {"on": true, "intensity": 0.5, "seconds": 300}}</c>:
    /// a boolean switches, a number is the intensity, an object says all.
    /// </summary>
    /// <param name="request">What was sent.</param>
    /// <param name="problems">What is wrong with it, by the field that is; empty when all is well.</param>
    /// <returns>The changes; none when there is a problem, so that a request is done wholly or not at all.</returns>
    public static IReadOnlyList<FaultChange> Read(JsonElement request, out IReadOnlyDictionary<string, string[]> problems)
    {
        var found = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        var changes = new List<FaultChange>();
        problems = found;
        if (request.ValueKind != JsonValueKind.Object)
        {
            found["$"] = ["Expected an object whose fields are names of faults."];
            return [];
        }

        foreach (var field in request.EnumerateObject())
        {
            if (Fault.Find(field.Name) is not { } fault)
                found[field.Name] = [$"There is no such fault. Expected one of {string.Join(", ", Fault.All.Select(known => known.Name))}."];
            else if (Read(fault, field.Value, found) is { } change)
                changes.Add(change);
        }

        if (changes.Count == 0 && found.Count == 0)
            found["$"] = ["Name at least one fault."];
        return found.Count == 0 ? changes : [];
    }

    private static FaultChange? Read(Fault fault, JsonElement value, SortedDictionary<string, string[]> problems)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return new FaultChange(fault, fault.Default, null);
            case JsonValueKind.False:
                return new FaultChange(fault, 0, null);
            case JsonValueKind.Number:
                return Number(value, fault.Name, fault.Most, problems) is { } intensity ? new FaultChange(fault, intensity, null) : null;
            case JsonValueKind.Object:
                return ReadObject(fault, value, problems);
            default:
                problems[fault.Name] = ["Expected true, false, a number or an object with on, intensity and seconds."];
                return null;
        }
    }

    private static FaultChange? ReadObject(Fault fault, JsonElement value, SortedDictionary<string, string[]> problems)
    {
        var on = true;
        var intensity = fault.Default;
        TimeSpan? duration = null;
        var before = problems.Count;
        foreach (var field in value.EnumerateObject())
        {
            var path = $"{fault.Name}.{field.Name}";
            switch (field.Name)
            {
                case "on" when field.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    on = field.Value.GetBoolean();
                    break;
                case "on":
                    problems[path] = ["Expected true or false."];
                    break;
                case "intensity":
                    intensity = Number(field.Value, path, fault.Most, problems) ?? 0;
                    break;
                case "seconds" when field.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "seconds":
                    if (Number(field.Value, path, Longest.TotalSeconds, problems) is { } seconds)
                        duration = TimeSpan.FromSeconds(seconds);
                    break;
                default:
                    problems[path] = ["There is no such field. Expected on, intensity or seconds."];
                    break;
            }
        }

        return problems.Count == before ? new FaultChange(fault, on ? intensity : 0, duration) : null;
    }

    private static double? Number(JsonElement value, string path, double most, SortedDictionary<string, string[]> problems)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && number <= most)
            return number;
        problems[path] = [string.Create(CultureInfo.InvariantCulture, $"Expected a number from 0 to {most}.")];
        return null;
    }
}
