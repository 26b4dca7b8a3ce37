using Dashboard.Core.Kpis;

namespace Dashboard.Core.History;

/// <summary>
/// Compares a KPI with itself earlier. With a window under an hour, the mean of the last 60 minutes is held against the 60 before, and against the same 60 a week
/// before; with a longer window, whose value is itself a mean over it, the value now against the value one window ago and one week ago.
/// </summary>
internal static class KpiChanges
{
    private const int MinutesOfWeek = 7 * 24 * 60;
    private const int HoursOfWeek = 7 * 24;

    /// <summary>Fewer changes than this tell nothing of what is ordinary.</summary>
    private const int LeastChanges = 24;

    /// <summary>Against the previous equal period; null where there is nothing to compare.</summary>
    public static KpiChange? AgainstPrevious(KpiDefinition kpi, double value, KpiLedger ledger)
    {
        var minute = ledger.Recent.Current;
        if (kpi.Window < kpi.ComparedPeriod)
            return Compare(kpi, ledger.Recent.Mean(minute - 60, minute), ledger.Recent.Mean(minute - 120, minute - 60), ledger.Hours, 1);

        var before = minute - (long)kpi.ComparedPeriod.TotalMinutes;
        return Compare(kpi, value, ledger.Hours.Of(HourlyMeans.HourOf(before)), ledger.Hours, (int)kpi.ComparedPeriod.TotalHours);
    }

    /// <summary>Against the same weekday and hour of the week before; null where there is nothing to compare.</summary>
    public static KpiChange? AgainstLastWeek(KpiDefinition kpi, double value, KpiLedger ledger)
    {
        var minute = ledger.Recent.Current;
        var before = minute - MinutesOfWeek;
        return kpi.Window < kpi.ComparedPeriod
            ? Compare(kpi, ledger.Recent.Mean(minute - 60, minute), ledger.Hours.EndingAt(before), ledger.Hours, HoursOfWeek)
            : Compare(kpi, value, ledger.Hours.Of(HourlyMeans.HourOf(before)), ledger.Hours, HoursOfWeek);
    }

    /// <summary>
    /// How large a change over <paramref name="lag"/> hours still is ordinary: twice the median absolute deviation of such changes between hourly means over the
    /// last seven days (of changes from hour to hour where the history is too short for the lag); null where that is not known. The median absolute deviation
    /// is not moved by the few hours of an incident, as a standard deviation would be.
    /// </summary>
    public static double? Ordinary(HourlyMeans hours, int lag)
    {
        List<double> changes = [];
        for (var hour = hours.Current - HoursOfWeek; hour < hours.Current; hour++)
        {
            if (hours.Of(hour) is { } now && hours.Of(hour - lag) is { } before)
                changes.Add(now - before);
        }

        if (changes.Count < LeastChanges)
            return lag == 1 ? null : Ordinary(hours, 1);

        var middle = Median(changes);
        return 2 * Median([.. changes.Select(change => Math.Abs(change - middle))]);
    }

    private static KpiChange? Compare(KpiDefinition kpi, double? now, double? before, HourlyMeans hours, int lag)
    {
        if (now is not { } after || before is not { } earlier)
            return null;

        // Under a hundredth of the warning margin nothing is worth a mark, however steady the KPI was.
        var change = Math.Abs(after - earlier);
        var isNoise = change <= kpi.Target.Margin / 100 || Ordinary(hours, lag) is not { } ordinary || change <= ordinary;
        double? ratio = after.Equals(earlier) ? 0 : earlier == 0 ? null : (after - earlier) / Math.Abs(earlier);
        return new KpiChange(earlier, ratio, kpi.Target.IsBetter(earlier, after), isNoise);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
