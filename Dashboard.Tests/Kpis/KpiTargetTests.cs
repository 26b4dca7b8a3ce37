using CsCheck;
using Dashboard.Core.Kpis;

namespace Dashboard.Tests.Kpis;

public sealed class KpiTargetTests
{
    private static readonly KpiTarget Below150 = new(Comparison.LessThan, 150, 15);
    private static readonly KpiTarget Above95 = new(Comparison.GreaterThan, 95, 0.5);

    private static readonly Gen<KpiTarget> Targets = Gen.Select(
        Gen.Bool, Gen.Double[0.001, 10_000], Gen.Double[0, 1], (less, value, share) => new KpiTarget(less ? Comparison.LessThan : Comparison.GreaterThan, value, share * value));

    [Theory]
    [InlineData(0, KpiStatus.Met)]
    [InlineData(134.9, KpiStatus.Met)]
    [InlineData(135, KpiStatus.Met)]
    [InlineData(135.1, KpiStatus.AtRisk)]
    [InlineData(149.999, KpiStatus.AtRisk)]
    [InlineData(150, KpiStatus.Missed)]
    [InlineData(171, KpiStatus.Missed)]
    public void Lower_is_better(double value, KpiStatus status) => Assert.Equal(status, Below150.Judge(value));

    [Theory]
    [InlineData(100, KpiStatus.Met)]
    [InlineData(95.5, KpiStatus.Met)]
    [InlineData(95.4, KpiStatus.AtRisk)]
    [InlineData(95, KpiStatus.Missed)]
    [InlineData(0, KpiStatus.Missed)]
    public void Higher_is_better(double value, KpiStatus status) => Assert.Equal(status, Above95.Judge(value));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void There_is_no_verdict_on_what_is_not_a_number(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => Above95.Judge(value));

    [Fact]
    public void A_value_at_or_beyond_the_target_is_never_met() => Gen.Select(Targets, Gen.Double[0, 100_000]).Sample((target, beyond) =>
        target.Judge(target.Comparison is Comparison.LessThan ? target.Value + beyond : target.Value - beyond) is KpiStatus.Missed);

    [Fact]
    public void A_better_value_never_has_a_worse_verdict() => Gen.Select(Targets, Gen.Double[-20_000, 20_000], Gen.Double[-20_000, 20_000]).Sample((target, a, b) =>
        !target.IsBetter(a, b) || target.Judge(b) <= target.Judge(a));

    [Fact]
    public void Without_a_margin_nothing_is_at_risk() => Gen.Select(Targets, Gen.Double[-20_000, 20_000]).Sample((target, value) =>
        (target with { Margin = 0 }).Judge(value) is not KpiStatus.AtRisk);
}
