using System.Collections.Immutable;
using Dashboard.Core.Series;
using Dashboard.Core.Sources;

namespace Dashboard.Tests.Kpis;

public sealed class MetricPastTests
{
    private static readonly TimeRange Hours = TimeRange.Before(FakeSources.Start, TimeSpan.FromHours(12));
    private readonly FakeSources _sources = new();

    [Fact]
    public async Task The_past_is_a_range_query_of_the_same_expression()
    {
        _sources.Range = (range, step) => [Series(range, step)];

        var past = await PastAsync("error-rate-4xx", TimeSpan.FromMinutes(1));

        Assert.Equal(721, past.Samples.Length);
        Assert.Contains("http_response_status_code=~\"4..\"", _sources.Asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_of_30_days_is_asked_at_wide_steps_and_told_at_all()
    {
        var asked = TimeSpan.Zero;
        _sources.Range = (range, step) => [Series(range, asked = step)];

        var past = await PastAsync("availability", TimeSpan.FromMinutes(30));

        Assert.Equal(TimeSpan.FromHours(3), asked);
        Assert.Equal(25, past.Samples.Length);
        Assert.Equal(past.Samples.Select(s => s.At).Order(), past.Samples.Select(s => s.At).Distinct());
    }

    [Fact]
    public async Task Nothing_known_is_an_empty_past() => Assert.True((await PastAsync("error-rate", TimeSpan.FromMinutes(1))).IsEmpty);

    [Fact]
    public async Task Two_series_are_not_understood()
    {
        _sources.Range = (range, step) => [Series(range, step), Series(range, step)];

        var failure = await Assert.ThrowsAsync<SourceException>(() => PastAsync("error-rate", TimeSpan.FromMinutes(1)));
        Assert.Equal(FailureKind.NotUnderstood, failure.Failure.Kind);
    }

    private Task<TimeSeries> PastAsync(string id, TimeSpan step) => _sources.Reader.PastAsync(FakeSources.Kpi(id), Hours, step, TestContext.Current.CancellationToken);

    private static MetricSeries Series(TimeRange range, TimeSpan step) => new(
        ImmutableDictionary<string, string>.Empty,
        new([.. Enumerable.Range(0, (int)(range.Length / step) + 1).Select(i => new Sample(range.Start + (i * step), i))]));
}
