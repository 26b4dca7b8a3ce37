using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Dashboard.Web.Shell;

/// <summary>Renders components to text, outside any request.</summary>
public sealed class StaticRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <summary>A whole document, with its doctype.</summary>
    public async Task<string> DocumentAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent => "<!DOCTYPE html>\n" + await FragmentAsync<T>(parameters);

    /// <summary>A part of a page.</summary>
    public async Task<string> FragmentAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());

        // MudBlazor writes empty style attributes, which a strict content security policy reports all the same.
        return html.Replace(" style=\"\"", "", StringComparison.Ordinal);
    }
}
