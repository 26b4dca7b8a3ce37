using MudBlazor;

namespace Dashboard.Web.Shell;

/// <summary>MudBlazor's theme, made from the design tokens: no colour or size is written down twice.</summary>
public static class DashboardTheme
{
    public static MudTheme Instance { get; } = Create(DesignTokens.Current);

    private static MudTheme Create(DesignTokens tokens) => new()
    {
        PaletteLight = Fill(new PaletteLight(), tokens.Light),
        PaletteDark = Fill(new PaletteDark(), tokens.Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = tokens.Light["radius"], AppbarHeight = "52px" },
        Shadows = new Shadow { Elevation = [.. Enumerable.Range(0, 26).Select(level => level == 0 ? "none" : level < 4 ? "var(--shadow)" : "var(--shadow-raised)")] },
        Typography = new Typography
        {
            Default = Text(new DefaultTypography(), tokens, "fs-m", "400", "1.45"),
            H1 = Text(new H1Typography(), tokens, null, "680", "1.2", "26px", "-.01em"),
            H2 = Text(new H2Typography(), tokens, "fs-s", "600", "1.4"),
            H3 = Text(new H3Typography(), tokens, "fs-m", "560", "1.3"),
            H4 = Text(new H4Typography(), tokens, "fs-xl", "640", "1.3"),
            H5 = Text(new H5Typography(), tokens, "fs-l", "620", "1.35"),
            H6 = Text(new H6Typography(), tokens, "fs-m", "600", "1.4"),
            Subtitle1 = Text(new Subtitle1Typography(), tokens, "fs-l", "500", "1.45"),
            Subtitle2 = Text(new Subtitle2Typography(), tokens, "fs-m", "560", "1.45"),
            Body1 = Text(new Body1Typography(), tokens, "fs-m", "400", "1.45"),
            Body2 = Text(new Body2Typography(), tokens, "fs-s", "400", "1.45"),
            Button = Text(new ButtonTypography(), tokens, "fs-s", "500", "1.5"),
            Caption = Text(new CaptionTypography(), tokens, "fs-xs", "400", "1.4"),
            Overline = Text(new OverlineTypography(), tokens, "fs-xs", "600", "1.4"),
        },
    };

    private static T Fill<T>(T palette, IReadOnlyDictionary<string, string> token)
        where T : Palette
    {
        palette.Primary = palette.Info = palette.Tertiary = token["accent"];
        palette.PrimaryContrastText = palette.InfoContrastText = palette.TertiaryContrastText = token["on-accent"];
        palette.Secondary = palette.Dark = token["text-2"];
        palette.SecondaryContrastText = palette.DarkContrastText = token["surface"];
        palette.Success = token["met"];
        palette.Warning = token["risk"];
        palette.Error = token["missed"];
        palette.SuccessContrastText = palette.WarningContrastText = palette.ErrorContrastText = token["on-accent"];
        palette.Background = token["bg"];
        palette.BackgroundGray = token["none-soft"];
        palette.Surface = palette.DrawerBackground = palette.AppbarBackground = token["surface"];
        palette.TextPrimary = palette.AppbarText = palette.DrawerText = token["text"];
        palette.TextSecondary = palette.DrawerIcon = palette.ActionDefault = token["text-2"];
        palette.TextDisabled = palette.ActionDisabled = token["text-3"];
        palette.ActionDisabledBackground = palette.Skeleton = token["none-soft"];
        palette.LinesDefault = palette.TableLines = palette.Divider = palette.DividerLight = token["line"];
        palette.LinesInputs = token["line-strong"];
        palette.TableHover = palette.TableStriped = token["bg"];
        return palette;
    }

    private static T Text<T>(
        T text, DesignTokens tokens, string? size, string weight, string lineHeight, string? literalSize = null, string spacing = "0")
        where T : BaseTypography
    {
        text.FontFamily = ["var(--font)"];
        text.FontSize = size is null ? literalSize : tokens.Light[size];
        text.FontWeight = weight;
        text.LineHeight = lineHeight;
        text.LetterSpacing = spacing;
        text.TextTransform = "none";
        return text;
    }
}
