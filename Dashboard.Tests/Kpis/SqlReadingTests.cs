using Dashboard.Core.Kpis.Measuring;
using Dashboard.Core.Series;

namespace Dashboard.Tests.Kpis;

public sealed class SqlReadingTests
{
    private readonly FakeSources _sources = new();

    [Fact]
    public async Task A_business_value_tells_its_rows_and_how_much_of_the_window_they_cover()
    {
        _sources.Row = range => new(99.71, 288, range.Start.AddHours(6), FakeSources.Start);

        var reading = await _sources.ReadAsync("data-accuracy");

        Assert.Equal((99.71, 288, 0.75, FakeSources.Start), (reading.Value, reading.SampleCount, reading.Coverage, reading.MeasuredAt));
        Assert.Contains("from reconciliation_runs", reading.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_rows_there_is_no_value()
    {
        var reading = await _sources.ReadAsync("user-satisfaction");

        Assert.Null(reading.Value);
        Assert.Equal("The database has nothing to measure in the last 30 d.", reading.NoValueReason);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task What_is_not_a_number_is_no_value(double value)
    {
        _sources.Row = _ => new(value, 1, FakeSources.Start, FakeSources.Start);

        Assert.Equal((null, "The statement gave a value that is not a number."), ((await _sources.ReadAsync("data-accuracy")) is var r ? (r.Value, r.NoValueReason) : default));
    }

    [Fact]
    public async Task A_statement_that_does_not_tell_how_new_its_value_is_proves_nothing()
    {
        _sources.Row = _ => new(99.9, 1, FakeSources.Start, null);

        Assert.Equal("The statement does not tell how new its value is: let its column newest say it.", (await _sources.ReadAsync("data-accuracy")).FreshnessProblem);
    }

    [Fact]
    public async Task The_past_is_asked_at_each_step()
    {
        _sources.Row = range => new(range.End.Minute, 1, range.Start, range.End);

        var past = await Past(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));

        Assert.Equal([50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 0], past.Samples.Select(s => s.Value));
    }

    [Fact]
    public async Task A_long_past_is_asked_a_bounded_number_of_times()
    {
        _sources.Row = range => new(1, 1, range.Start, range.End);

        var past = await Past(TimeSpan.FromDays(7), TimeSpan.FromMinutes(5));

        Assert.Equal(2017, past.Samples.Length);
        Assert.InRange(_sources.Asked.Count, 1, SqlMeasurement.MostEvaluations);
    }

    private Task<TimeSeries> Past(TimeSpan length, TimeSpan step) =>
        _sources.Reader.PastAsync(FakeSources.Kpi("data-accuracy"), TimeRange.Before(FakeSources.Start, length), step, TestContext.Current.CancellationToken);
}
