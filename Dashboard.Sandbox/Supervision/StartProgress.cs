using System.Globalization;

namespace Dashboard.Sandbox.Supervision;

/// <summary>Says what has been started and how long each took.</summary>
public sealed class StartProgress(TextWriter output, TimeProvider clock)
{
    private readonly Lock _turn = new();

    /// <summary>Does a step and says so when it is done.</summary>
    /// <param name="what">What is ready then.</param>
    /// <param name="note">More about it, from what came of it.</param>
    public async Task<T> StepAsync<T>(string what, Func<Task<T>> step, Func<T, string>? note = null)
    {
        var start = clock.GetTimestamp();
        var result = await step();
        var seconds = clock.GetElapsedTime(start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Say($"  {what,-22} {seconds,5} s   {note?.Invoke(result)}".TrimEnd());
        return result;
    }

    public void Say(string line)
    {
        lock (_turn)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
