using System.Globalization;
using Dashboard.Web.Shell;

namespace Dashboard.Tests.Shell;

public sealed class DesignTokensTests
{
    [Fact]
    public void MudBlazor_wears_the_colours_of_the_style_sheet()
    {
        var (theme, tokens) = (DashboardTheme.Instance, DesignTokens.Current);

        Assert.Equal(tokens.Light["accent"], theme.PaletteLight.Primary.ToString(MudBlazor.Utilities.MudColorOutputFormats.Hex));
        Assert.Equal(tokens.Dark["missed"], theme.PaletteDark.Error.ToString(MudBlazor.Utilities.MudColorOutputFormats.Hex));
        Assert.Equal("none", theme.Typography.Button.TextTransform);
    }

    [Fact]
    public void The_dark_theme_takes_over_what_it_does_not_change() => Assert.Equal(DesignTokens.Current.Light["radius"], DesignTokens.Current.Dark["radius"]);

    [Theory]
    [InlineData("text")]
    [InlineData("text-2")]
    [InlineData("text-3")]
    [InlineData("accent")]
    [InlineData("met", "met-soft")]
    [InlineData("risk", "risk-soft")]
    [InlineData("missed", "missed-soft")]
    [InlineData("none", "none-soft")]
    [InlineData("stale", "stale-soft")]
    [InlineData("down", "down-soft")]
    public void Every_text_colour_can_be_read_on_what_it_stands_on_in_both_themes(string colour, string? soft = null)
    {
        foreach (var tokens in new[] { DesignTokens.Current.Light, DesignTokens.Current.Dark })
        {
            foreach (var ground in new[] { "bg", "surface", "raised", soft ?? "surface" })
                Assert.True(Contrast(tokens[colour], tokens[ground]) >= 4.5, $"{colour} on {ground}: {Contrast(tokens[colour], tokens[ground]):0.00}");
        }
    }

    [Fact]
    public void A_style_sheet_without_its_dark_theme_is_refused() =>
        Assert.Contains("dark", Assert.Throws<FormatException>(() => DesignTokens.Parse(":root { --a: b; }")).Message, StringComparison.Ordinal);

    /// <summary>The contrast ratio of WCAG 2.2, 1 to 21.</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double Channel(int at)
        {
            var c = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }
}
