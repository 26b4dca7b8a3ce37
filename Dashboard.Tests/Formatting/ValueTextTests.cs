using Dashboard.Web.Formatting;

namespace Dashboard.Tests.Formatting;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData(8.4, "ms", "8.40")]
    [InlineData(38.42, "ms", "38.4")]
    [InlineData(171.3, "ms", "171")]
    [InlineData(2184.4, "RPS", "2,184")]
    [InlineData(1042, "users", "1,042")]
    [InlineData(0.0412, "%", "0.041")]
    [InlineData(0.62, "%", "0.62")]
    [InlineData(31.24, "%", "31.2")]
    [InlineData(95.34, "%", "95.3")]
    [InlineData(99.944, "%", "99.94")]
    [InlineData(99.9958, "%", "99.996")]
    [InlineData(100, "%", "100")]
    [InlineData(4.617, "of 5", "4.62")]
    [InlineData(0, "%", "0")]
    [InlineData(-3.2, "ms", "-3.20")]
    public void A_value_has_the_digits_that_its_unit_is_read_with(double value, string unit, string expected) =>
        Assert.Equal(expected, ValueText.Of(value, unit));

    [Theory]
    [InlineData(99.8996, 99.9, "99.8996")]
    [InlineData(99.88, 99.9, "99.88")]
    [InlineData(49.97, 50, "49.97")]
    [InlineData(50.02, 50, "50.02")]
    [InlineData(149.9, 150, "149.9")]
    [InlineData(0.00999, 0.01, "0.00999")]
    [InlineData(49.9999999, 50, "49.999999")]
    [InlineData(50.0000001, 50, "50.000001")]
    public void A_value_never_looks_equal_to_a_target_it_is_not_at(double value, double target, string expected)
    {
        Assert.Equal(expected, ValueText.Of(value, target > 90 ? "%" : "ms", target));
    }

    [Fact]
    public void Rounding_never_carries_a_value_to_or_over_its_target()
    {
        var random = new Random(17);
        foreach (var target in new[] { 50, 150, 99.9, 99.5, 0.01, 0.1, 4.5, 2000, 128 })
        {
            for (var i = 0; i < 500; i++)
            {
                var value = target * (1 + ((random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(1, 8))));
                var shown = double.Parse(ValueText.Of(value, "%", target), System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal(value.CompareTo(target), shown.CompareTo(target));
            }
        }
    }

    [Theory]
    [InlineData("<", 150, "ms", "< 150 ms")]
    [InlineData(">", 2000, "RPS", "> 2,000 RPS")]
    [InlineData("<", 0.01, "%", "< 0.01%")]
    [InlineData(">", 4.5, "of 5", "> 4.5")]
    public void A_target_reads_as_the_strategy_writes_it(string sign, double value, string unit, string expected) =>
        Assert.Equal(expected, ValueText.Target(sign, value, unit));
}
