using Dashboard.Core.Series;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>One search: traces with a span of the service that starts in the range and lasts at least so long.</summary>
/// <param name="Range">Half open.</param>
/// <param name="Least">Microseconds; 0 for no minimum.</param>
/// <param name="Limit">Traces at most.</param>
internal readonly record struct SlowestQuestion(TimeRange Range, ulong Least, int Limit);

/// <summary>
/// Finds the slowest server span with searches that do not sort and are capped. An answer with fewer traces than the limit is complete: then nothing lasts longer
/// than the best span seen. A capped one still shows some span, and the next search asks only for what lasts longer than the best so far, which leaves about
/// 1/limit of the traces each time. Where long spans that are no server spans fill the answer, the limit is raised, then the range is halved.
/// Trace summaries (Jaeger 2.19) would be smaller, but tell the length of traces, not of server spans, so each would have to be fetched as well.
/// </summary>
/// <param name="service">Whose server spans count.</param>
/// <param name="range">In which they start.</param>
/// <param name="hint">The slowest found the last time, in microseconds: most often the answer is near, and one search is enough. 0 for none.</param>
internal sealed class SlowestSearch(string service, TimeRange range, ulong hint)
{
    public const int MostQuestions = 8;

    /// <summary>Longer spans (30 days, in microseconds) come from broken clocks.</summary>
    public const ulong LongestCredible = 30UL * 24 * 3600 * 1_000_000;

    private const int FirstLimit = 20;

    private readonly Stack<TimeRange> _open = new([range]);
    private readonly ulong _from = MicrosecondsOf(range.Start);
    private readonly ulong _until = MicrosecondsOf(range.End);
    private ulong _least = hint;
    private int _limit = FirstLimit;
    private int _highestLimit = 500;
    private int _asked;
    private bool _gaveUp;

    public FoundSpan? Best { get; private set; }

    /// <summary>The search that showed the best span.</summary>
    public SlowestQuestion? BestQuestion { get; private set; }

    public bool Sampled { get; private set; }

    /// <summary>A span that no request can have taken, and was left out.</summary>
    public FoundSpan? Incredible { get; private set; }

    /// <summary>True where nothing slower can have been missed.</summary>
    public bool IsComplete => _open.Count == 0 && !_gaveUp;

    public int LastLimit => _limit;

    /// <summary>What to ask next; null when done or when it has been enough.</summary>
    public SlowestQuestion? Next => _open.Count == 0 || _asked >= MostQuestions ? null : new SlowestQuestion(_open.Peek(), _least, _limit);

    public void Take(FoundTraces found)
    {
        var question = new SlowestQuestion(_open.Peek(), _least, _limit);
        _asked++;
        foreach (var span in found.Spans)
            Consider(span, question);

        var beyondBest = Best is { } best ? best.Duration + 1 : 0;
        if (found.Traces < _limit)
        {
            // Complete: all that lasts at least so long was seen.
            if (_least <= beyondBest)
                NextPart(beyondBest);
            else
                _least = Best is null && _asked == 1 ? _least / 4 : beyondBest;
        }
        else if (beyondBest > _least)
        {
            _least = beyondBest;
        }
        else if (_limit < _highestLimit)
        {
            _limit = Math.Min(_highestLimit, _limit * 5);
        }
        else
        {
            Halve(beyondBest);
        }
    }

    /// <summary>The answer was too long to be read: fewer traces are asked for.</summary>
    /// <returns>False where it cannot be less.</returns>
    public bool TakeLess()
    {
        _asked++;
        if (_limit == 1)
            return false;
        _limit = Math.Max(1, _limit / 4);
        _highestLimit = _limit;
        return true;
    }

    private void Consider(FoundSpan span, SlowestQuestion question)
    {
        if (!string.Equals(span.Service, service, StringComparison.Ordinal))
            return;

        Sampled |= span.Sampled;
        if (!span.IsServer || span.Start < _from || span.Start >= _until)
            return;
        if (span.Duration > LongestCredible)
            Incredible = span;
        else if (Best is not { } best || span.Duration > best.Duration)
            (Best, BestQuestion) = (span, question);
    }

    private void NextPart(ulong least)
    {
        _open.Pop();
        _least = least;
    }

    private void Halve(ulong least)
    {
        var part = _open.Pop();
        _least = least;
        if (part.Length < TimeSpan.FromMilliseconds(2))
        {
            _gaveUp = true;
            return;
        }

        var middle = part.Start + (part.Length / 2);
        _open.Push(part with { End = middle });
        _open.Push(part with { Start = middle });
    }

    private static ulong MicrosecondsOf(DateTimeOffset at) => (ulong)Math.Max(0, (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
