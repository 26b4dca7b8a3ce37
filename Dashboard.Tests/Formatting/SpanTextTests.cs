using Dashboard.Web.Formatting;

namespace Dashboard.Tests.Formatting;

public sealed class SpanTextTests
{
    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(3.9, "3 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(125, "2 min")]
    [InlineData(3600 * 5.5, "5 h")]
    [InlineData(3600 * 47.9, "47 h")]
    [InlineData(86400 * 4, "4 d")]
    public void An_age_is_told_in_its_largest_whole_unit(double seconds, string expected) => Assert.Equal(expected, SpanText.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(5, "5 s")]
    [InlineData(90, "90 s")]
    [InlineData(300, "5 min")]
    [InlineData(86400, "24 h")]
    [InlineData(30 * 86400, "30 d")]
    [InlineData(2.5, "2.5 s")]
    public void A_window_is_told_exactly(double seconds, string expected) => Assert.Equal(expected, SpanText.Exact(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.84, "0.8 ms")]
    [InlineData(42.4, "42 ms")]
    [InlineData(1340, "1.3 s")]
    public void A_latency_is_told_in_the_unit_it_is_felt_in(double milliseconds, string expected) =>
        Assert.Equal(expected, SpanText.Latency(TimeSpan.FromMilliseconds(milliseconds)));
}
