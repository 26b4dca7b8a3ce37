using System.Collections.Frozen;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Microsoft.Extensions.Logging;

namespace Dashboard.Core.Collection.Doctor;

/// <summary>Examines everything once: probes each source, reads each KPI, and says what is wrong. Needs no running collector and keeps nothing.</summary>
public sealed class SourceDoctor(
    KpiCatalog catalog,
    IKpiReader reader,
    IEnumerable<ISourceProbe> probes,
    IEnumerable<IDialectTeller> tellers,
    ITargetChecker checker,
    CollectionMetrics metrics,
    CollectionOptions options,
    TimeProvider clock,
    ILoggerFactory logs)
{
    /// <summary>One round. Whatever a source does, a report comes of it.</summary>
    public async Task<DoctorReport> RunAsync(CancellationToken cancellation)
    {
        var careful = new CarefulReader(reader, metrics, options.ReadTimeout, clock, logs.CreateLogger<CarefulReader>());
        var kpis = new CollectedKpis(catalog, probes, tellers, options.Environment, clock.GetUtcNow());

        // Probes first: they tell the clocks' difference, which makes the reasons clearer.
        await Task.WhenAll(kpis.Probes.Select(async probe => kpis.Probed(probe.Source, await careful.ProbeAsync(probe, cancellation), clock.GetUtcNow())));

        var slots = Enum.GetValues<SourceKind>().ToFrozenDictionary(kind => kind, _ => new SemaphoreSlim(options.ConcurrentReads));
        await Task.WhenAll(kpis.BeginDue(clock.GetUtcNow(), TimeSpan.Zero).Select(async kpi =>
        {
            await slots[kpi.Query.Source].WaitAsync(cancellation);
            try
            {
                kpis.End(kpi, await careful.ReadAsync(kpi, cancellation), clock.GetUtcNow());
            }
            finally
            {
                slots[kpi.Query.Source].Release();
            }
        }));

        await new Adviser(kpis, checker, clock, logs.CreateLogger<Adviser>()).AdviseAsync(cancellation);
        foreach (var slot in slots.Values)
            slot.Dispose();
        return DoctorReport.Of(kpis.Take(clock.GetUtcNow()));
    }
}
