using System.Collections.Immutable;

namespace Dashboard.Web.Shell;

/// <summary>A part of the product that the bar at the top leads to.</summary>
/// <param name="Name">As it stands in the bar.</param>
/// <param name="Path">Its address, from the root.</param>
public sealed record NavigationArea(string Name, string Path)
{
    /// <summary>In the bar's order. Only what exists stands here.</summary>
    public static ImmutableArray<NavigationArea> All { get; } = [new("Scorecard", "/"), new("Sources", "/sources")];
}
