using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Dashboard.Core.Kpis;

/// <summary>All KPIs, in the order in which they are shown.</summary>
public sealed class KpiCatalog(ImmutableArray<KpiDefinition> all)
{
    private readonly FrozenDictionary<string, KpiDefinition> _byId = all.ToFrozenDictionary(k => k.Id, StringComparer.Ordinal);

    public ImmutableArray<KpiDefinition> All => all;

    public KpiDefinition? Find(string id) => _byId.GetValueOrDefault(id);
}
