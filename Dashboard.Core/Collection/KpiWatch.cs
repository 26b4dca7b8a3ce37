using System.Collections.Immutable;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Core.Collection;

/// <summary>Follows one KPI: when it is due, what came of reading it, its status and since when, its past. Not safe for use by several threads at once.</summary>
internal sealed class KpiWatch(KpiDefinition kpi, DateTimeOffset started)
{
    /// <summary>Over a longer pause than this nothing is claimed: then a status begins anew.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// On a first start, what is not known in this time is taken as warming up: no change that anyone would want to read of later, nor a break between the past that
    /// the source tells and now.
    /// </summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Most points of the card's small chart.</summary>
    public const int RecentPoints = 72;

    private readonly List<StatusChange> _unwritten = [];
    private readonly List<StatusChange> _heldBack = [];

    private KpiTries _tries = KpiTries.None;
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private StatusChange? _entered;
    private bool _isNew = true;
    private bool _isFirst;
    private (DateTimeOffset Began, KpiStatus Status)? _trailing;
    private Past? _past;

    public KpiDefinition Definition => kpi;

    public KpiLedger Ledger { get; } = new(started);

    public KpiTries Tries => _tries;

    /// <summary>True while a read is under way: a KPI is never read twice at once.</summary>
    public bool IsReading { get; private set; }

    /// <summary>True once a try has ended.</summary>
    public bool WasTried => _tries != KpiTries.None;

    /// <summary>What the checker has to say of it.</summary>
    public ImmutableArray<string> Advice { get; set; } = [];

    /// <summary>Takes up what was kept: its status changes, and until when it was watched.</summary>
    public void Remember(IReadOnlyList<StatusChange> changes, DateTimeOffset? seenUntil)
    {
        if (changes is not [.., var last])
            return;
        _isNew = false;
        if (seenUntil is not { } seen || started - seen > LongestPause)
        {
            // Not to be claimed later on: whatever comes next did not begin before the pause.
            if (last.Status is not KpiStatus.NoData)
                _unwritten.Add(new StatusChange(kpi.Id, seenUntil > last.At ? seenUntil.Value : last.At.AddMilliseconds(1), KpiStatus.NoData));
            return;
        }

        _entered = last;
        for (var i = changes.Count - 2; i >= 0 && changes[i].Status == last.Status; i--)
            _entered = changes[i];
    }

    /// <summary>True where it is to be read now, at most <paramref name="early"/> before its time.</summary>
    public bool IsDue(DateTimeOffset now, TimeSpan early) => !IsReading && now + early >= _due;

    /// <summary>A read begins.</summary>
    public void Begin(DateTimeOffset now)
    {
        IsReading = true;

        // From the time it was due, so that the interval does not grow by each delay; from now where that is long ago.
        var next = _due + kpi.Interval;
        _due = _due == DateTimeOffset.MinValue || next <= now ? now + kpi.Interval : next;
    }

    /// <summary>The read has ended; null where it was called off.</summary>
    public void End(KpiOutcome? outcome, DateTimeOffset at, TimeSpan? clockSkew)
    {
        IsReading = false;
        if (outcome is null)
            return;

        // Data that was already old when it was read is about to be stale: what is read seldom is then looked at again sooner.
        if (outcome is KpiOutcome.Measured { Reading: { Value: not null, MeasuredAt: var measured } } && at - measured > kpi.Interval && at + (kpi.Interval / 6) < _due)
            _due = at + (kpi.Interval / 6);

        var first = !WasTried;
        _tries = _tries.With(outcome, at);
        var verdict = KpiVerdict.Of(kpi, _tries, at, clockSkew);
        if (verdict.Status.IsKnown() && _tries.Reading is { Reading.Value: { } value } taken)
            Ledger.Take(value, verdict.Status.IsAttained(), at, taken.ProvesUntil(kpi));
        else
            Ledger.Lose(at);
        if (first)
            _past = null;
        Enter(verdict.Status, at);
    }

    /// <summary>All that is known of it at <paramref name="now"/>.</summary>
    public KpiState StateAt(DateTimeOffset now, TimeSpan? clockSkew)
    {
        var verdict = KpiVerdict.Of(kpi, _tries, now, clockSkew);
        if (WasTried)
            Enter(verdict.Status, now);
        Ledger.Advance(now);

        var state = new KpiState
        {
            Definition = kpi,
            Status = verdict.Status,
            Since = WasTried && _entered is { } entered ? entered.At : started,
            Reason = verdict.Reason,
            Reading = _tries.Reading?.Reading,
            Advice = Advice,
        };

        // What is made of the past changes by the minute, not by the tick.
        if (_past is not { } past || past.Minute != Ledger.Recent.Current)
            _past = past = PastAt(now, state.Value);
        return state with { Recent = past.Recent, AgainstPrevious = past.AgainstPrevious, AgainstLastWeek = past.AgainstLastWeek, Attainments = past.Attainments };
    }

    /// <summary>
    /// The past was read from the source: where the status in which the KPI was first seen goes back into it without a break, it has lasted since then.
    /// </summary>
    /// <param name="began">When the status in which the past ends began there.</param>
    /// <param name="status">That status.</param>
    public void Recall(DateTimeOffset began, KpiStatus status)
    {
        _past = null;
        _trailing = (began, status);
        JoinPast();
    }

    /// <summary>The past was added to: what is made of it is out of date.</summary>
    public void Refresh() => _past = null;

    /// <summary>Status changes since the last call, to be written.</summary>
    public ImmutableArray<StatusChange> TakeUnwritten()
    {
        ImmutableArray<StatusChange> taken = [.. _unwritten];
        _unwritten.Clear();
        return taken;
    }

    private void Enter(KpiStatus status, DateTimeOffset at)
    {
        var warmingUp = _isNew && at - started < WarmUp;
        if (!warmingUp)
        {
            _unwritten.AddRange(_heldBack);
            _heldBack.Clear();
        }

        if (_entered?.Status == status)
            return;

        _entered = new StatusChange(kpi.Id, at, status);
        _isFirst = warmingUp && status.IsKnown();
        if (warmingUp && !status.IsKnown())
        {
            _heldBack.Add(_entered);
            return;
        }

        _heldBack.Clear();
        _isNew = false;
        _unwritten.Add(_entered);
        JoinPast();
    }

    // The past may be there before the first known status, or after it.
    private void JoinPast()
    {
        if (!_isFirst || _entered is not { } entered || _trailing is not { } trailing || entered.Status != trailing.Status || trailing.Began >= entered.At)
            return;
        _entered = entered with { At = trailing.Began };
        _unwritten.Add(_entered);
        _isFirst = false;
    }

    private Past PastAt(DateTimeOffset now, double? value) => new(
        Ledger.Recent.Current,
        Downsample.MinMax(Ledger.Recent.All(), RecentPoints),
        value is null ? null : KpiChanges.AgainstPrevious(kpi, value.Value, Ledger),
        value is null ? null : KpiChanges.AgainstLastWeek(kpi, value.Value, Ledger),
        Ledger.Attainments(now));

    private sealed record Past(
        long Minute, TimeSeries Recent, KpiChange? AgainstPrevious, KpiChange? AgainstLastWeek, ImmutableArray<Attainment> Attainments);
}
