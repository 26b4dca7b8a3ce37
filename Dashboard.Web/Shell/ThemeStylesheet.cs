using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace Dashboard.Web.Shell;

/// <summary>
/// MudBlazor's theme as a style sheet of its own, so that no page needs an inline one: what <see cref="MudThemeProvider"/> would put into
/// the page, rendered once for light and once for dark.
/// </summary>
public static partial class ThemeStylesheet
{
    /// <summary>The style sheet: light for everyone and for paper, dark where the reader chose it or the system prefers it.</summary>
    public static async Task<string> RenderAsync(IServiceProvider services, MudTheme theme)
    {
        await using var scope = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>());
        var light = await VariablesAsync(renderer, theme, dark: false);
        var dark = string.Concat((await VariablesAsync(renderer, theme, dark: true)).Except(light, StringComparer.Ordinal));
        return new StringBuilder()
            .Append(":root{").AppendJoin("", light).Append("}\n")
            .Append("@media screen{:root[data-theme=dark]{").Append(dark).Append("}}\n")
            .Append("@media screen and (prefers-color-scheme:dark){:root:not([data-theme]){").Append(dark).Append("}}\n")
            .ToString();
    }

    private static Task<string[]> VariablesAsync(HtmlRenderer renderer, MudTheme theme, bool dark) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var provider = await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(MudThemeProvider.Theme)] = theme,
            [nameof(MudThemeProvider.IsDarkMode)] = dark,
            [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
        }));
        return Variable.Matches(provider.ToHtmlString()).Select(m => m.Value).ToArray();
    });

    [GeneratedRegex(@"--mud-[a-z0-9-]+:[^;]+;", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable { get; }
}
