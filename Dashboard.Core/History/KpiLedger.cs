using System.Collections.Immutable;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.History;

/// <summary>
/// Keeps account of one KPI's time, minute by minute. A reading counts from when it was received until the next try ends, but no longer than it proves anything
/// (three of the KPI's intervals after its data was taken): what follows is a gap, neither met nor missed. A failed try, or one without data, ends the count at
/// once. What was met stays met by the target of its time. Not safe for use by several threads at once.
/// </summary>
internal sealed class KpiLedger(DateTimeOffset now)
{
    private readonly AttainmentClock _attainment = new(now);
    private readonly List<HistoryMinute> _unwritten = [];

    private Holding? _holding;
    private HistoryMinute? _current;
    private bool _currentIsWritten = true;

    /// <summary>The values of the last hours.</summary>
    public RecentMinutes Recent { get; } = new(now);

    /// <summary>The means of the last weeks' hours.</summary>
    public HourlyMeans Hours { get; } = new(now);

    /// <summary>A value was received that holds until the next try, at most until <paramref name="until"/>.</summary>
    public void Take(double value, bool attained, DateTimeOffset at, DateTimeOffset until)
    {
        Advance(at);
        _holding = until > at ? new Holding(value, attained, at.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds()) : null;
    }

    /// <summary>From here on nothing is known.</summary>
    public void Lose(DateTimeOffset at)
    {
        Advance(at);
        _holding = null;
    }

    /// <summary>Counts the time up to <paramref name="at"/>.</summary>
    public void Advance(DateTimeOffset at)
    {
        var to = at.ToUnixTimeMilliseconds();
        if (_holding is { } holding)
        {
            var end = Math.Min(to, holding.Until);
            while (holding.From < end)
            {
                var minute = Math.DivRem(holding.From, 60_000).Quotient;
                var until = Math.Min(end, (minute + 1) * 60_000);
                Count(minute, holding.Value, holding.Attained, (int)(until - holding.From));
                holding = holding with { From = until };
            }

            _holding = to < holding.Until ? holding : null;
        }

        MoveTo(HistoryMinute.Of(at));
    }

    /// <summary>Takes up a minute that was kept earlier.</summary>
    public void Restore(HistoryMinute kept)
    {
        if (kept.Minute > _attainment.Current)
            return;
        _attainment.Add(kept.Minute, kept.MetMilliseconds, kept.DataMilliseconds);
        Recent.Set(kept.Minute, kept.Last);
        if (kept.Minute == _attainment.Current)
            _current = kept;
        else
            Hours.Add(kept.Minute, kept.Last);
    }

    /// <summary>Fills a past minute for which nothing is known; true where that was so.</summary>
    public bool Fill(HistoryMinute past)
    {
        if (past.Minute >= _attainment.Current || _attainment.HasData(past.Minute))
            return false;
        Restore(past);
        _unwritten.Add(past);
        return true;
    }

    /// <summary>True where something is known of the minute.</summary>
    public bool Knows(long minute) => _attainment.HasData(minute);

    /// <summary>Attainment over 24 h, 7 d and 30 d.</summary>
    public ImmutableArray<Attainment> Attainments(DateTimeOffset at)
    {
        Advance(at);
        return _attainment.At(at);
    }

    /// <summary>The minutes that changed since the last call, to be written. The current one is among them, and comes again while it changes.</summary>
    public ImmutableArray<HistoryMinute> TakeUnwritten()
    {
        if (_current is { } current && !_currentIsWritten)
            _unwritten.Add(current);
        _currentIsWritten = true;
        ImmutableArray<HistoryMinute> taken = [.. _unwritten];
        _unwritten.Clear();
        return taken;
    }

    private void Count(long minute, double value, bool attained, int milliseconds)
    {
        MoveTo(minute);
        var met = attained ? milliseconds : 0;
        _current = _current is { } known && known.Minute == minute
            ? known with
            {
                Last = value,
                Min = Math.Min(known.Min, value),
                Max = Math.Max(known.Max, value),
                MetMilliseconds = known.MetMilliseconds + met,
                DataMilliseconds = known.DataMilliseconds + milliseconds,
            }
            : new HistoryMinute(minute, value, value, value, met, milliseconds);
        _currentIsWritten = false;
        _attainment.Add(minute, met, milliseconds);
        Recent.Set(minute, value);
    }

    private void MoveTo(long minute)
    {
        if (minute <= _attainment.Current)
            return;

        if (_current is { } finished)
        {
            if (!_currentIsWritten)
                _unwritten.Add(finished);
            Hours.Add(finished.Minute, finished.Last);
            _current = null;
            _currentIsWritten = true;
        }

        _attainment.MoveTo(minute);
        Recent.MoveTo(minute);
        Hours.MoveTo(HourlyMeans.HourOf(minute));
    }

    /// <summary>A value that holds; times in milliseconds since 1970, counted up to <c>From</c>.</summary>
    private readonly record struct Holding(double Value, bool Attained, long From, long Until);
}
