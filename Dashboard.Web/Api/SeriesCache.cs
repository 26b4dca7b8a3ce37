using Dashboard.Core.Kpis;
using Dashboard.Core.Series;

namespace Dashboard.Web.Api;

/// <summary>
/// Answers equal requests for a KPI's past by one question upstream: those that come while it is asked wait for its answer, those that come shortly
/// after get the same. Failures are told to those who waited, and not kept.
/// </summary>
public sealed class SeriesCache(IKpiReader reader, TimeProvider clock)
{
    /// <summary>How long a past that reaches up to now stays good. A past that has ended stays longer.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan PastFor = TimeSpan.FromMinutes(2);

    private const int MostEntries = 128;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Dictionary<SeriesRequest, Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <exception cref="Core.Sources.SourceException"/>
    public Task<TimeSeries> GetAsync(KpiDefinition kpi, SeriesRequest request, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        Task<TimeSeries> answer;
        lock (_lock)
        {
            if (!_entries.TryGetValue(request, out var entry) || entry.Until <= now || entry.Answer.IsFaulted || entry.Answer.IsCanceled)
            {
                MakeRoom(now);
                entry = new Entry(AskAsync(kpi, request), now + (request.Range.End < now ? PastFor : FreshFor));
                _entries[request] = entry;
            }

            answer = entry.Answer;
        }

        return answer.WaitAsync(cancellation);
    }

    // Not the caller's token: others may wait for the same answer.
    private async Task<TimeSeries> AskAsync(KpiDefinition kpi, SeriesRequest request)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        await Task.Yield();
        return await reader.PastAsync(kpi, request.Range, request.Step, patience.Token);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_entries.Count < MostEntries)
            return;
        foreach (var old in _entries.Where(e => e.Value.Until <= now).Select(e => e.Key).ToList())
            _entries.Remove(old);
        if (_entries.Count >= MostEntries)
            _entries.Remove(_entries.MinBy(e => e.Value.Until).Key);
    }

    private sealed record Entry(Task<TimeSeries> Answer, DateTimeOffset Until);
}
