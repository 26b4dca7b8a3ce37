using System.Globalization;
using System.Text;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Web.Scorecards;

/// <summary>
/// The small line of a card, as text: the level of the target and then one level a column, each a character of <see cref="Levels"/> (the first is
/// the top), a space where there was no data. Page and event stream carry the same text, so the line looks the same however it arrived.
/// </summary>
public static class SparkLine
{
    /// <summary>64 levels; none of the characters needs escaping in JSON or HTML.</summary>
    public const string Levels = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>Columns across the line.</summary>
    public const int Columns = 64;

    private const double Headroom = 0.08;
    private const double GapFactor = 2.5;

    /// <summary>The line of a series; empty where it has fewer than two samples.</summary>
    /// <param name="series">In order of time.</param>
    /// <param name="target">Its level is part of the line.</param>
    /// <param name="span">What the whole width stands for, at least: a shorter series leaves the columns before it empty. None stretches it.</param>
    public static string Encode(TimeSeries series, KpiTarget target, TimeSpan span = default)
    {
        if (series.IsEmpty || series.Samples.Length < 2 || series.Samples[^1].At <= series.Samples[0].At)
            return "";

        var columns = Resample(series, target.Comparison, span);
        var low = target.Value;
        var high = target.Value;
        foreach (var value in columns.OfType<double>())
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        var room = high > low ? (high - low) * Headroom : Math.Max(Math.Abs(high), 1);
        (low, high) = (low - room, high + room);

        char Level(double value) => Levels[(int)Math.Round((high - value) / (high - low) * (Levels.Length - 1))];
        return string.Create(Columns + 1, (columns, target.Value), (text, line) =>
        {
            text[0] = Level(line.Value);
            for (var i = 0; i < Columns; i++)
                text[i + 1] = line.columns[i] is { } value ? Level(value) : ' ';
        });
    }

    /// <summary>The level of the target, 0 (top) to 63.</summary>
    public static int TargetLevel(string line) => line.Length == 0 ? 0 : Levels.IndexOf(line[0], StringComparison.Ordinal);

    /// <summary>The line as SVG path data in a box of 63 × 63, broken where there was no data.</summary>
    public static string LinePath(string line) => Path(line, area: false);

    /// <summary>The area under the line as SVG path data in the same box.</summary>
    public static string AreaPath(string line) => Path(line, area: true);

    private static string Path(string line, bool area)
    {
        var path = new StringBuilder(line.Length * 5);
        for (var start = 1; start < line.Length;)
        {
            if (line[start] == ' ')
            {
                start++;
                continue;
            }

            var end = start;
            while (end < line.Length && line[end] != ' ')
                end++;
            Segment(path, line, start, end, area);
            start = end;
        }

        return path.ToString();
    }

    private static void Segment(StringBuilder path, string line, int start, int end, bool area)
    {
        var level = Levels.IndexOf(line[start], StringComparison.Ordinal);
        path.Append(CultureInfo.InvariantCulture, $"M{start - 1} {(area ? Levels.Length : level)}");
        if (area)
            path.Append(CultureInfo.InvariantCulture, $"V{level}");
        path.Append(end - start > 1 ? "l" : "h0");
        for (var i = start + 1; i < end; i++)
        {
            var next = Levels.IndexOf(line[i], StringComparison.Ordinal);
            var step = next - level;
            path.Append(i == start + 1 ? "" : " ").Append('1').Append(step < 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{step}");
            level = next;
        }

        if (area)
            path.Append(CultureInfo.InvariantCulture, $"V{Levels.Length}z");
    }

    /// <summary>One value a column: the worst of the samples in it, else what lies on the line between its neighbours unless they are too far apart.</summary>
    private static double?[] Resample(TimeSeries series, Comparison comparison, TimeSpan span)
    {
        var samples = series.Samples;
        var last = samples[^1].At;
        var first = last - samples[0].At > span ? samples[0].At : last - span;
        var width = (last - first) / (Columns - 1);
        var gap = GapAfter(series);
        var columns = new double?[Columns];

        foreach (var sample in samples)
        {
            var column = (int)Math.Round((sample.At - first) / width);
            columns[column] = columns[column] is { } other && comparison is Comparison.LessThan == other > sample.Value ? other : sample.Value;
        }

        for (int column = 0, next = 1; column < Columns; column++)
        {
            var at = first + (width * column);
            while (next < samples.Length - 1 && samples[next].At < at)
                next++;
            var (before, after) = (samples[next - 1], samples[next]);
            if (columns[column] is null && at >= before.At && after.At - before.At <= gap)
                columns[column] = before.Value + ((after.Value - before.Value) * ((at - before.At) / (after.At - before.At)));
        }

        return columns;
    }

    private static TimeSpan GapAfter(TimeSeries series)
    {
        var samples = series.Samples;
        var spacings = samples.Zip(samples.Skip(1), (a, b) => b.At - a.At).Order().ToArray();
        var ordinary = spacings[spacings.Length / 2] * GapFactor;

        // A thinned series has the two extremes of each part of time, wherever in it they lie: up to two parts may pass between them.
        var twoParts = (samples[^1].At - samples[0].At) / samples.Length * 4;
        return samples.Length > Columns / 2 && twoParts > ordinary ? twoParts : ordinary;
    }
}
