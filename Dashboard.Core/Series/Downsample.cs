using System.Collections.Immutable;

namespace Dashboard.Core.Series;

/// <summary>Thins series to what can be shown, without hiding what matters.</summary>
public static class Downsample
{
    /// <summary>
    /// At most <paramref name="most"/> samples: the span is cut into equal parts of time, and of each the smallest and the largest sample stay, in their order,
    /// and so does the very last. No peak is lost, and where there was nothing there is nothing. The result is a selection: no value is made up.
    /// </summary>
    /// <param name="series">In order of time.</param>
    /// <param name="most">At least 3.</param>
    public static TimeSeries MinMax(TimeSeries series, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 3);
        if (series.IsEmpty || series.Samples.Length <= most)
            return series;

        var samples = series.Samples;
        var start = samples[0].At;
        var part = ((samples[^1].At - start).Ticks / ((most - 1) / 2)) + 1;
        var kept = ImmutableArray.CreateBuilder<Sample>(most);
        var (least, largest) = (0, 0);
        for (var i = 1; i <= samples.Length; i++)
        {
            if (i < samples.Length && (samples[i].At - start).Ticks / part == (samples[least].At - start).Ticks / part)
            {
                if (samples[i].Value < samples[least].Value)
                    least = i;
                if (samples[i].Value > samples[largest].Value)
                    largest = i;
                continue;
            }

            kept.Add(samples[Math.Min(least, largest)]);
            if (least != largest)
                kept.Add(samples[Math.Max(least, largest)]);
            (least, largest) = (i, i);
        }

        if (kept[^1].At != samples[^1].At)
            kept.Add(samples[^1]);
        return new TimeSeries(kept.DrainToImmutable());
    }
}
