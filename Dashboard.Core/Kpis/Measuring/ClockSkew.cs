namespace Dashboard.Core.Kpis.Measuring;

/// <summary>What a difference between a source's clock and ours means for the age of its data.</summary>
/// <param name="Warning">A sentence where the difference is worth a remark.</param>
/// <param name="Problem">A sentence where it is so large that the age of the data proves nothing.</param>
internal readonly record struct ClockSkew(string? Warning, string? Problem)
{
    /// <summary>More than this is remarked. The resolution of what sources tell is a second.</summary>
    public static readonly TimeSpan Noticed = TimeSpan.FromSeconds(5);

    /// <summary>More than this leaves the freshness unproven.</summary>
    public static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    /// <param name="source">Whose clock.</param>
    /// <param name="skew">Its clock − ours; null where it does not tell.</param>
    public static ClockSkew Of(SourceKind source, TimeSpan? skew)
    {
        if (skew is not { } difference || difference.Duration() <= Noticed)
            return default;

        var sentence = $"{source.Title()}'s clock is {Wording.Number(Math.Round(difference.Duration().TotalSeconds))} s {(difference > TimeSpan.Zero ? "ahead of" : "behind")} ours";
        return difference.Duration() <= Trusted
            ? new($"{sentence}.", null)
            : new(null, $"{sentence}, so nothing proves how old its data is. Set both clocks by a time server.");
    }
}
