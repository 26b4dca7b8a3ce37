using CsCheck;
using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.Collection;

public sealed class KpiVerdictTests
{
    private static readonly KpiDefinition Definition = Kpi();

    public static TheoryData<SourceKind, FailureKind> EveryFailureOfEverySource => [.. from source in AllSources from kind in FailureKinds select (source, kind)];

    [Theory]
    [InlineData(50, KpiStatus.Met)]
    [InlineData(95, KpiStatus.AtRisk)]
    [InlineData(100, KpiStatus.Missed)]
    [InlineData(300, KpiStatus.Missed)]
    public void A_fresh_value_is_judged_by_its_target(double value, KpiStatus expected)
    {
        var verdict = Of(Reading(value, Noon));
        Assert.Equal(expected, verdict.Status);
        Assert.Null(verdict.Reason);
    }

    [Fact]
    public void Before_the_first_try_there_is_no_data()
    {
        var verdict = KpiVerdict.Of(Definition, KpiTries.None, Noon);
        Assert.Equal(new KpiVerdict(KpiStatus.NoData, "Not read yet."), verdict);
    }

    [Theory]
    [MemberData(nameof(EveryFailureOfEverySource))]
    public void A_failed_try_is_source_down_however_good_the_reading_before_it(SourceKind source, FailureKind kind)
    {
        var kpi = Kpi(source: source);
        var tries = KpiTries.None.With(Measured(1, Noon), Noon).With(Failed(source, kind), Noon);

        var verdict = KpiVerdict.Of(kpi, tries, Noon);

        Assert.Equal(KpiStatus.SourceDown, verdict.Status);
        Assert.Equal($"{source.Title()} refused the connection. Check that it runs.", verdict.Reason);
    }

    [Theory]
    [MemberData(nameof(EveryFailureOfEverySource))]
    public void After_a_failure_the_next_reading_counts_again(SourceKind source, FailureKind kind)
    {
        var tries = KpiTries.None.With(Failed(source, kind), Noon).With(Measured(1, Noon), Noon);
        Assert.Equal(KpiStatus.Met, KpiVerdict.Of(Kpi(source: source), tries, Noon).Status);
    }

    [Fact]
    public void An_answer_without_a_value_is_no_data_with_its_reason()
    {
        var verdict = Of(Reading(null, Noon));
        Assert.Equal(new KpiVerdict(KpiStatus.NoData, "There were no requests in the last 5 minutes."), verdict);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_is_no_data(double value) => Assert.Equal(KpiStatus.NoData, Of(Reading(value, Noon)).Status);

    [Fact]
    public void Data_is_believed_for_three_intervals_and_no_longer()
    {
        var reading = Reading(50, Noon);
        Assert.Equal(KpiStatus.Met, Of(reading, Noon.AddSeconds(15)).Status);
        Assert.Equal(KpiStatus.Stale, Of(reading, Noon.AddSeconds(15.001)).Status);
    }

    [Fact]
    public void Old_data_is_stale_even_where_it_was_just_read_and_says_how_old()
    {
        var verdict = Of(Reading(50, Noon.AddSeconds(-42)));
        Assert.Equal(new KpiVerdict(KpiStatus.Stale, "The newest data in Prometheus is 42 s old."), verdict);
    }

    [Fact]
    public void A_source_that_hangs_goes_stale_and_says_since_when_it_is_silent()
    {
        var verdict = Of(Reading(50, Noon), Noon.AddMinutes(3));
        Assert.Equal(new KpiVerdict(KpiStatus.Stale, "No answer from Prometheus for 3 min."), verdict);
    }

    [Fact]
    public void A_clock_that_is_behind_is_named_as_the_cause()
    {
        var tries = KpiTries.None.With(Measured(50, Noon.AddMinutes(-5)), Noon);
        var verdict = KpiVerdict.Of(Definition, tries, Noon, TimeSpan.FromMinutes(-5));
        Assert.Equal(KpiStatus.Stale, verdict.Status);
        Assert.Contains("clock is 5 min behind", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_from_the_future_is_stale_beyond_half_a_minute()
    {
        Assert.Equal(KpiStatus.Met, Of(Reading(50, Noon.AddSeconds(30))).Status);
        var verdict = Of(Reading(50, Noon.AddSeconds(31)));
        Assert.Equal(KpiStatus.Stale, verdict.Status);
        Assert.Contains("31 s in the future", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_ahead_buys_no_time() =>
        Assert.Equal(KpiStatus.Stale, Of(Reading(50, Noon.AddSeconds(29)), receivedAt: Noon, now: Noon.AddSeconds(16)).Status);

    [Fact]
    public void A_doubtful_time_is_stale_with_its_reason()
    {
        var verdict = Of(Reading(50, Noon) with { FreshnessProblem = "Its target is down." });
        Assert.Equal(new KpiVerdict(KpiStatus.Stale, "Its target is down."), verdict);
    }

    [Fact]
    public void A_lower_bound_proves_a_miss_but_never_that_a_ceiling_is_kept()
    {
        Assert.Equal(KpiStatus.Missed, Of(Reading(120, Noon) with { AtLeast = true }).Status);
        Assert.Equal(KpiStatus.NoData, Of(Reading(20, Noon) with { AtLeast = true }).Status);
        Assert.Equal(KpiStatus.NoData, Of(Reading(20, Noon) with { Confidence = Confidence.Clamped }).Status);
        Assert.Equal(KpiStatus.NoData, Of(Reading(20, Noon) with { AtLeast = true, UpperBound = 250 }).Status);
    }

    [Fact]
    public void An_upper_bound_under_the_target_proves_it_met()
    {
        Assert.Equal(KpiStatus.Met, Of(Reading(20, Noon) with { AtLeast = true, UpperBound = 50 }).Status);
        Assert.Equal(KpiStatus.AtRisk, Of(Reading(20, Noon) with { AtLeast = true, UpperBound = 95 }).Status);
    }

    [Fact]
    public void A_lower_bound_above_a_floor_proves_it_met()
    {
        var kpi = Kpi(target: new KpiTarget(Comparison.GreaterThan, 100, 10));
        var tries = KpiTries.None.With(new KpiOutcome.Measured(Reading(200, Noon) with { AtLeast = true }), Noon);
        Assert.Equal(KpiStatus.Met, KpiVerdict.Of(kpi, tries, Noon).Status);
    }

    [Fact]
    public void A_partial_answer_is_never_green_and_says_why()
    {
        var partial = Reading(50, Noon) with { Confidence = Confidence.Partial, Warnings = ["1 of 5 shards failed."] };
        var verdict = Of(partial);
        Assert.Equal(KpiStatus.AtRisk, verdict.Status);
        Assert.Contains("1 of 5 shards failed.", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(KpiStatus.Missed, Of(partial with { Value = 150 }).Status);
    }

    [Fact]
    public void Only_a_fresh_finite_value_of_the_newest_try_leads_to_met_or_at_risk() =>
        Gen.Select(Value, Seconds, Gen.Bool, Gen.Bool, Seconds, Gen.Double[0.5, 600], Gen.Int[0, 3], Gen.Bool)
            .Sample((value, measuredAgo, doubtful, failed, receivedAgo, interval, source, above) =>
            {
                var kpi = Kpi(
                    source: (SourceKind)source,
                    interval: TimeSpan.FromSeconds(interval),
                    target: new KpiTarget(above ? Comparison.GreaterThan : Comparison.LessThan, 100, 10));
                var reading = Reading(value, Noon.AddSeconds(-measuredAgo)) with { FreshnessProblem = doubtful ? "Its target is down." : null };
                var tries = KpiTries.None.With(new KpiOutcome.Measured(reading), Noon.AddSeconds(-receivedAgo));
                if (failed)
                    tries = tries.With(Failed((SourceKind)source), Noon);

                var verdict = KpiVerdict.Of(kpi, tries, Noon);

                var proven = !failed && !doubtful && value is { } number && double.IsFinite(number)
                    && measuredAgo <= 3 * interval && receivedAgo <= 3 * interval && measuredAgo - receivedAgo >= -30
                    && kpi.Target.Judge(number).IsAttained();
                return verdict.Status.IsAttained() == proven && (verdict.Status.IsKnown() || verdict.Reason is { Length: > 0 });
            });

    private static Gen<double?> Value => Gen.OneOf(
        Gen.Double[0, 200].Select(number => (double?)number),
        Gen.Int[0, 5].Select(pick => ((double?[])[null, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 100, 0])[pick]));

    private static Gen<double> Seconds => Gen.OneOf(Gen.Double[-90, 20], Gen.Double[0, 2_000]).Select(seconds => Math.Round(seconds, 3));

    private static KpiVerdict Of(KpiReading reading, DateTimeOffset? now = null, DateTimeOffset? receivedAt = null) =>
        KpiVerdict.Of(Definition, KpiTries.None.With(new KpiOutcome.Measured(reading), receivedAt ?? Noon), now ?? Noon);
}
