using System.Collections.Immutable;
using Dashboard.Core.Series;

namespace Dashboard.Core.History;

/// <summary>The values of the last six hours, a minute each. Not safe for use by several threads at once.</summary>
internal sealed class RecentMinutes
{
    /// <summary>What the cards show.</summary>
    public const int Minutes = 6 * 60;

    // NaN where there is none; it never leaves this class.
    private readonly double[] _values = new double[Minutes + 1];

    public RecentMinutes(DateTimeOffset now)
    {
        Array.Fill(_values, double.NaN);
        Current = HistoryMinute.Of(now);
    }

    public long Current { get; private set; }

    public void MoveTo(long minute)
    {
        for (; Current < minute; Current++)
        {
            if (minute - Current > _values.Length)
                Current = minute - _values.Length;
            _values[Place(Current + 1)] = double.NaN;
        }
    }

    public void Set(long minute, double value)
    {
        if (minute <= Current && Current - minute < _values.Length)
            _values[Place(minute)] = value;
    }

    /// <summary>All of them, dated at the start of their minutes.</summary>
    public TimeSeries All()
    {
        var samples = ImmutableArray.CreateBuilder<Sample>();
        for (var minute = Current - Minutes; minute <= Current; minute++)
        {
            if (_values[Place(minute)] is var value && !double.IsNaN(value))
                samples.Add(new Sample(HistoryMinute.StartOf(minute), value));
        }

        return new TimeSeries(samples.DrainToImmutable());
    }

    /// <summary>The mean of the minutes [from, to), null with less than a quarter of them.</summary>
    public double? Mean(long from, long to)
    {
        var sum = 0.0;
        var count = 0;
        for (var minute = Math.Max(from, Current - Minutes); minute < Math.Min(to, Current + 1); minute++)
        {
            var value = _values[Place(minute)];
            if (double.IsNaN(value))
                continue;
            sum += value;
            count++;
        }

        return count == 0 || count * 4 < to - from ? null : sum / count;
    }

    private static int Place(long minute) => (int)(minute % (Minutes + 1));
}
