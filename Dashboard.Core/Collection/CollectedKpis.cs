using System.Collections.Frozen;
using System.Collections.Immutable;
using Dashboard.Core.History;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;

namespace Dashboard.Core.Collection;

/// <summary>
/// Everything the collector knows: its KPIs and its sources. Reads end, the past is filled and scorecards are taken at the same time, so every use goes through one
/// lock; nothing inside waits for anything.
/// </summary>
internal sealed class CollectedKpis
{
    private static readonly ImmutableArray<SourceKind> Kinds = [.. Enum.GetValues<SourceKind>()];

    private readonly Lock _gate = new();
    private readonly ImmutableArray<KpiWatch> _kpis;
    private readonly FrozenDictionary<SourceKind, SourceWatch> _sources;
    private readonly string? _environment;
    private long _sequence;

    public CollectedKpis(
        KpiCatalog catalog, IEnumerable<ISourceProbe> probes, IEnumerable<IDialectTeller> tellers, string? environment, DateTimeOffset started)
    {
        _environment = environment;
        _kpis = [.. catalog.All.Select(kpi => new KpiWatch(kpi, started))];
        ISourceProbe[] allProbes = [.. probes];
        IDialectTeller[] allTellers = [.. tellers];
        _sources = Kinds.ToFrozenDictionary(kind => kind, kind => new SourceWatch(
            kind,
            allProbes.FirstOrDefault(probe => probe.Source == kind),
            allTellers.FirstOrDefault(teller => teller.Source == kind),
            [.. catalog.All.Where(kpi => kpi.Query.Source == kind).Select(kpi => kpi.Id)]));
    }

    public ImmutableArray<KpiDefinition> Definitions => [.. _kpis.Select(kpi => kpi.Definition)];

    public ImmutableArray<ISourceProbe> Probes => [.. _sources.Values.Select(source => source.Probe).OfType<ISourceProbe>()];

    /// <summary>The KPIs to be read now; each counts as being read from here on.</summary>
    public ImmutableArray<KpiDefinition> BeginDue(DateTimeOffset now, TimeSpan early)
    {
        lock (_gate)
        {
            var due = ImmutableArray.CreateBuilder<KpiDefinition>();
            foreach (var kpi in _kpis)
            {
                if (!kpi.IsDue(now, early))
                    continue;
                kpi.Begin(now);
                due.Add(kpi.Definition);
            }

            return due.DrainToImmutable();
        }
    }

    /// <summary>A read has ended; null where it was called off. Gives what came of the try before, and whether every KPI has now been tried.</summary>
    public (KpiTries Before, bool AllTried) End(KpiDefinition definition, KpiOutcome? outcome, DateTimeOffset at)
    {
        lock (_gate)
        {
            var kpi = Find(definition.Id);
            var source = _sources[definition.Query.Source];
            var before = kpi.Tries;
            if (outcome is not null)
                source.Read(outcome, at);
            kpi.End(outcome, at, source.ClockSkew);
            return (before, _kpis.All(each => each.WasTried));
        }
    }

    public void Probed(SourceKind kind, ProbeOutcome outcome, DateTimeOffset at)
    {
        lock (_gate)
            _sources[kind].Probed(outcome, at);
    }

    /// <summary>What the checker has to say of each KPI, by id.</summary>
    public void Advise(IReadOnlyDictionary<string, ImmutableArray<string>> advice)
    {
        lock (_gate)
        {
            foreach (var kpi in _kpis)
                kpi.Advice = advice.TryGetValue(kpi.Definition.Id, out var sentences) ? sentences : [];
        }
    }

    /// <summary>The next scorecard.</summary>
    public Scorecard Take(DateTimeOffset now)
    {
        lock (_gate)
        {
            return new Scorecard(
                ++_sequence,
                now,
                [.. _kpis.Select(kpi => kpi.StateAt(now, _sources[kpi.Definition.Query.Source].ClockSkew))],
                [.. Kinds.Select(kind => _sources[kind].State)],
                _environment);
        }
    }

    /// <summary>Takes up what was kept of a KPI before this start.</summary>
    public void Restore(string id, IReadOnlyList<HistoryMinute> minutes)
    {
        lock (_gate)
        {
            var ledger = Find(id).Ledger;
            foreach (var minute in minutes)
                ledger.Restore(minute);
        }
    }

    public void Remember(string id, IReadOnlyList<StatusChange> changes, DateTimeOffset? seenUntil)
    {
        lock (_gate)
            Find(id).Remember(changes, seenUntil);
    }

    /// <summary>The whole minutes [from, to) of a KPI of which nothing is known, as ranges.</summary>
    public ImmutableArray<(long From, long To)> Gaps(string id, long from, long to)
    {
        lock (_gate)
        {
            var ledger = Find(id).Ledger;
            var gaps = ImmutableArray.CreateBuilder<(long, long)>();
            long? start = null;
            for (var minute = from; minute <= to; minute++)
            {
                if (minute < to && !ledger.Knows(minute))
                {
                    start ??= minute;
                }
                else if (start is { } begun)
                {
                    gaps.Add((begun, minute));
                    start = null;
                }
            }

            return gaps.DrainToImmutable();
        }
    }

    /// <summary>Fills minutes of which nothing is known; gives how many.</summary>
    public int Fill(string id, IEnumerable<HistoryMinute> minutes)
    {
        lock (_gate)
        {
            var kpi = Find(id);
            var filled = minutes.Count(kpi.Ledger.Fill);
            if (filled > 0)
                kpi.Refresh();
            return filled;
        }
    }

    /// <summary>See <see cref="KpiWatch.Recall"/>.</summary>
    public void Recall(string id, DateTimeOffset began, KpiStatus status)
    {
        lock (_gate)
            Find(id).Recall(began, status);
    }

    /// <summary>What there is to be written; null where there is nothing.</summary>
    public HistoryBatch? TakeUnwritten(DateTimeOffset now)
    {
        lock (_gate)
        {
            ImmutableArray<StatusChange> changes = [.. _kpis.SelectMany(kpi => kpi.TakeUnwritten())];
            ImmutableArray<(string, ImmutableArray<HistoryMinute>)> minutes =
            [
                .. _kpis.Select(kpi => (kpi.Definition.Id, Minutes: kpi.Ledger.TakeUnwritten())).Where(kpi => !kpi.Minutes.IsEmpty),
            ];
            return minutes.IsEmpty && changes.IsEmpty ? null : new HistoryBatch(minutes, changes, now);
        }
    }

    private KpiWatch Find(string id) => _kpis.First(kpi => kpi.Definition.Id == id);
}
