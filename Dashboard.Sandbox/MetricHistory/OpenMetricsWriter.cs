using System.Buffers.Text;
using System.Text;

namespace Dashboard.Sandbox.MetricHistory;

/// <summary>Writes series as OpenMetrics text, millions of samples a second.</summary>
public sealed class OpenMetricsWriter(Stream output, PastSteps steps)
{
    private readonly byte[] _line = new byte[64];

    /// <summary>Announces a metric family; its series must follow at once.</summary>
    /// <param name="type">gauge, counter, histogram or unknown.</param>
    public void Family(string name, string type) => Write($"# TYPE {name} {type}\n");

    /// <summary>One series, from the step at which it was first seen.</summary>
    /// <param name="labels">"{job="x"}" or empty.</param>
    /// <param name="values">One a step; NaN where there was no sample.</param>
    public void Series(string name, string labels, ReadOnlySpan<double> values)
    {
        var head = Encoding.UTF8.GetBytes($"{name}{labels} ");
        for (var step = 0; step < values.Length; step++)
        {
            if (double.IsNaN(values[step]))
                continue;
            Utf8Formatter.TryFormat(values[step], _line, out var length);
            _line[length++] = (byte)' ';
            Utf8Formatter.TryFormat(steps.UnixSecondsOf(step), _line.AsSpan(length), out var time);
            length += time;
            _line[length++] = (byte)'\n';
            output.Write(head);
            output.Write(_line, 0, length);
        }
    }

    /// <summary>The last line, without which the text is not complete.</summary>
    public void End()
    {
        Write("# EOF\n");
        output.Flush();
    }

    private void Write(string text) => output.Write(Encoding.UTF8.GetBytes(text));
}
