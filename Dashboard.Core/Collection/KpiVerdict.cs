using System.Globalization;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.Collection;

/// <summary>
/// What may be claimed of a KPI at one moment. Only a fresh, finite value that proves it leads to met or at risk: nothing missing, failed, old or open to doubt does.
/// </summary>
/// <param name="Status">The claim.</param>
/// <param name="Reason">Why it is no better, in a sentence or two; null where the value speaks for itself.</param>
public sealed record KpiVerdict(KpiStatus Status, string? Reason)
{
    /// <summary>Older than this many of the KPI's intervals is stale.</summary>
    public const int IntervalsUntilStale = 3;

    /// <summary>How far ahead of our clock a source's may be before its times are not believed.</summary>
    public static TimeSpan ToleratedSkew { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The verdict at <paramref name="now"/>.</summary>
    /// <param name="kpi">What is judged.</param>
    /// <param name="tries">What came of measuring it.</param>
    /// <param name="now">Our clock.</param>
    /// <param name="clockSkew">The source's clock − ours, where known: it only makes the reason clearer.</param>
    public static KpiVerdict Of(KpiDefinition kpi, KpiTries tries, DateTimeOffset now, TimeSpan? clockSkew = null)
    {
        var source = kpi.Query.Source.Title();
        if (tries.Failure is { } failed)
            return new(KpiStatus.SourceDown, $"{failed.Failure.Message} {failed.Failure.Hint}".TrimEnd());

        if (tries.Reading is not { } taken)
            return new(KpiStatus.NoData, "Not read yet.");

        var reading = taken.Reading;
        var patience = IntervalsUntilStale * kpi.Interval;
        if (now - taken.At > patience)
            return new(KpiStatus.Stale, $"No answer from {source} for {Age.Words(now - taken.At)}.");

        if (reading.Value is not { } value)
            return new(KpiStatus.NoData, reading.NoValueReason ?? $"{source} answered that there is nothing to measure.");

        if (!double.IsFinite(value))
            return new(KpiStatus.NoData, $"{source} answered with something that is no number.");

        if (reading.FreshnessProblem is { } problem)
            return new(KpiStatus.Stale, problem);

        if (reading.MeasuredAt - taken.At > ToleratedSkew)
        {
            return new(
                KpiStatus.Stale,
                $"The value is dated {Age.Words(reading.MeasuredAt - taken.At)} in the future: the clocks of {source} and the dashboard differ. Synchronize them.");
        }

        if (now > taken.ProvesUntil(kpi))
        {
            var behind = clockSkew < -ToleratedSkew ? $" Its clock is {Age.Words(-clockSkew.Value)} behind the dashboard's: synchronize them." : "";
            return new(KpiStatus.Stale, $"The newest data in {source} is {Age.Words(now - reading.MeasuredAt)} old.{behind}");
        }

        return Judge(kpi, reading, value);
    }

    private static KpiVerdict Judge(KpiDefinition kpi, KpiReading reading, double value)
    {
        var target = kpi.Target;
        var status = target.Judge(value);
        if (!status.IsAttained())
            return new(status, null);

        // A value that is only a lower bound proves a lower-is-better target missed, never met: for that the upper bound must be under the target too.
        if ((reading.AtLeast || reading.Confidence is Confidence.Clamped) && target.Comparison is Comparison.LessThan)
        {
            var worst = reading.UpperBound is { } bound && double.IsFinite(bound) ? target.Judge(bound) : KpiStatus.Missed;
            if (!worst.IsAttained())
            {
                var most = reading.UpperBound is { } top && double.IsFinite(top) ? $" and at most {Number(top)}" : "";
                return new(
                    KpiStatus.NoData,
                    $"It is at least {Number(value)}{most} {kpi.Unit}: whether it is under {Number(target.Value)} {kpi.Unit} cannot be told. {reading.ConfidenceDetail}".TrimEnd());
            }

            status = worst;
        }

        if (reading.Confidence is Confidence.Partial)
        {
            var why = reading.Warnings is [var first, ..] ? first : reading.ConfidenceDetail;
            return new(KpiStatus.AtRisk, $"The answer was partial, so the target is not surely met. {why}".TrimEnd());
        }

        return new(status, null);
    }

    private static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
