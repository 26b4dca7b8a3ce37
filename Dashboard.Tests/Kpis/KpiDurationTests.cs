using CsCheck;
using Dashboard.Core.Kpis.Configuration;

namespace Dashboard.Tests.Kpis;

public sealed class KpiDurationTests
{
    [Theory]
    [InlineData("5s", 5)]
    [InlineData("5m", 300)]
    [InlineData("24h", 86_400)]
    [InlineData("30d", 2_592_000)]
    [InlineData("1w", 604_800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1m500ms", 60.5)]
    public void Durations_are_read(string text, double seconds)
    {
        Assert.True(KpiDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("5")]
    [InlineData("0s")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("m")]
    [InlineData("00:05:00")]
    [InlineData("5m1h")]
    public void Anything_else_is_not_a_duration(string? text) => Assert.False(KpiDuration.TryParse(text, out _));

    [Theory]
    [InlineData(300, "5m")]
    [InlineData(86_400, "24h")]
    [InlineData(2_592_000, "30d")]
    [InlineData(90, "1m30s")]
    [InlineData(90_000, "1d1h")]
    public void Durations_are_written_shortly(double seconds, string text) => Assert.Equal(text, KpiDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_written_is_read_back() => Gen.Long[1, 40_000_000_000].Sample(milliseconds =>
        KpiDuration.TryParse(KpiDuration.Format(TimeSpan.FromMilliseconds(milliseconds)), out var back) && back == TimeSpan.FromMilliseconds(milliseconds));
}
