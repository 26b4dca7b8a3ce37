using System.Collections.Immutable;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.History;

/// <summary>
/// Adds up met time and time with data over the last 24 h, 7 d and 30 d, minute by minute, without ever going over a period again: what enters is added, what
/// leaves is taken off. Each period is its whole minutes before the current one and what has passed of the current one. Not safe for use by several threads at once.
/// </summary>
internal sealed class AttainmentClock
{
    private static readonly (string Name, int Minutes)[] Periods = [("24h", 24 * 60), ("7d", 7 * 24 * 60), ("30d", 30 * 24 * 60)];

    // One place a minute of the longest period, and the current one.
    private static readonly int Places = Periods[^1].Minutes + 1;

    private readonly ushort[] _met = new ushort[Places];
    private readonly ushort[] _data = new ushort[Places];
    private readonly long[] _metSums = new long[Periods.Length];
    private readonly long[] _dataSums = new long[Periods.Length];

    public AttainmentClock(DateTimeOffset now) => Current = HistoryMinute.Of(now);

    /// <summary>The minute the clock stands at.</summary>
    public long Current { get; private set; }

    /// <summary>Moves on to the minute of <paramref name="minute"/>; never back.</summary>
    public void MoveTo(long minute)
    {
        if (minute - Current >= Places)
        {
            Array.Clear(_met);
            Array.Clear(_data);
            Array.Clear(_metSums);
            Array.Clear(_dataSums);
            Current = minute;
            return;
        }

        while (Current < minute)
        {
            for (var period = 0; period < Periods.Length; period++)
            {
                var leaving = Place(Current - Periods[period].Minutes);
                _metSums[period] -= _met[leaving];
                _dataSums[period] -= _data[leaving];
            }

            Current++;
            var entering = Place(Current);
            _met[entering] = 0;
            _data[entering] = 0;
        }
    }

    /// <summary>Adds time to a minute that is not in the future; what lies before the longest period is left out.</summary>
    public void Add(long minute, int metMilliseconds, int dataMilliseconds)
    {
        var age = Current - minute;
        if (age < 0 || age >= Places)
            return;

        var place = Place(minute);
        _met[place] += (ushort)metMilliseconds;
        _data[place] += (ushort)dataMilliseconds;
        for (var period = 0; period < Periods.Length; period++)
        {
            if (age > Periods[period].Minutes)
                continue;
            _metSums[period] += metMilliseconds;
            _dataSums[period] += dataMilliseconds;
        }
    }

    /// <summary>True where the minute has time with data.</summary>
    public bool HasData(long minute) => minute <= Current && Current - minute < Places && _data[Place(minute)] > 0;

    /// <summary>The attainments at <paramref name="now"/>, which lies in the current minute.</summary>
    public ImmutableArray<Attainment> At(DateTimeOffset now)
    {
        var begun = Math.Clamp(now.ToUnixTimeMilliseconds() - (Current * 60_000), 0, 60_000);
        var attainments = ImmutableArray.CreateBuilder<Attainment>(Periods.Length);
        for (var period = 0; period < Periods.Length; period++)
        {
            var data = _dataSums[period];
            var coverage = data / ((Periods[period].Minutes * 60_000.0) + begun);
            attainments.Add(new Attainment(Periods[period].Name, data == 0 ? null : _metSums[period] / (double)data, Math.Min(coverage, 1)));
        }

        return attainments.MoveToImmutable();
    }

    private static int Place(long minute) => (int)(minute % Places);
}
