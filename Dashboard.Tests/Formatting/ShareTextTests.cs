using Dashboard.Web.Formatting;

namespace Dashboard.Tests.Formatting;

public sealed class ShareTextTests
{
    [Theory]
    [InlineData(1, "100%")]
    [InlineData(0.99996, ">99.99%")]
    [InlineData(0.9988, "99.8%")]
    [InlineData(0.9996, "99.96%")]
    [InlineData(0.998, "99.8%")]
    [InlineData(0.9799999999, "97.9%")]
    [InlineData(0.5, "50.0%")]
    [InlineData(0.0004, "<0.1%")]
    [InlineData(0, "0%")]
    public void A_share_is_rounded_down_and_whole_only_when_it_is(double share, string expected) => Assert.Equal(expected, ShareText.Of(share));
}
