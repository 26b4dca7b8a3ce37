using Dashboard.Core.Series;
using Dashboard.Core.Sources.Jaeger;

namespace Dashboard.Tests.Sources.Jaeger;

public sealed class SlowestSearchTests
{
    private static readonly TimeRange Range = TimeRange.Before(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5));
    private static readonly ulong Start = (ulong)((Range.Start - DateTimeOffset.UnixEpoch).Ticks / 10);

    [Theory]
    [InlineData(1, 0UL)]
    [InlineData(19, 0UL)]
    [InlineData(20, 0UL)]
    [InlineData(1_000, 0UL)]
    [InlineData(200_000, 0UL)]
    [InlineData(200_000, 900_000UL)]
    [InlineData(1_000, 60_000_000UL)]
    public void The_slowest_is_found_among_few_and_among_many(int traces, ulong hint)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var spans = Requests(traces, new Random(seed));
            var (search, _) = Ask(spans, hint);

            Assert.True(search.IsComplete);
            Assert.Equal(spans.Max(s => s.Duration), search.Best!.Value.Duration);
        }
    }

    [Fact]
    public void When_the_slowest_is_the_same_as_the_last_time_one_search_is_enough()
    {
        var spans = Requests(50_000, new Random(1));
        var slowest = spans.Max(s => s.Duration);

        var (search, questions) = Ask(spans, slowest);

        Assert.Equal(slowest, search.Best!.Value.Duration);
        Assert.Equal(1, questions);
    }

    [Fact]
    public void Nothing_is_found_where_there_is_nothing()
    {
        var (search, questions) = Ask([], 0);

        Assert.Null(search.Best);
        Assert.True(search.IsComplete);
        Assert.Equal(1, questions);
    }

    [Fact]
    public void Long_spans_that_answer_no_request_do_not_count_and_do_not_hide_those_that_do()
    {
        var jobs = Enumerable.Range(0, 90).Select(i => Span(10_000 + i, 60_000_000, isServer: false, offset: (ulong)i * 1_000_000));
        List<FoundSpan> spans = [.. Requests(2_000, new Random(3)), .. jobs];

        var (search, _) = Ask(spans, 0);

        Assert.True(search.IsComplete);
        Assert.Equal(spans.Where(s => s.IsServer).Max(s => s.Duration), search.Best!.Value.Duration);
    }

    [Fact]
    public void A_flood_of_long_spans_that_answer_no_request_is_given_up_and_said_to_be()
    {
        var jobs = Enumerable.Range(0, 100_000).Select(i => Span(i, 60_000_000, isServer: false, offset: (ulong)i * 1_000));

        var (search, questions) = Ask([.. jobs], 0);

        Assert.False(search.IsComplete);
        Assert.Equal(SlowestSearch.MostQuestions, questions);
    }

    [Fact]
    public void Spans_of_other_services_and_outside_the_range_do_not_count()
    {
        var (search, _) = Ask(
            [Span(1, 5_000), Span(2, 9_000) with { Service = "other" }, Span(3, 9_000) with { Start = Start - 1 }, Span(4, 9_000) with { Start = Start + 300_000_000 }], 0,
            answersEverything: true);

        Assert.Equal("1", search.Best!.Value.TraceId);
    }

    [Fact]
    public void A_span_longer_than_a_month_is_left_out_and_told()
    {
        var (search, _) = Ask([Span(1, 5_000), Span(2, ulong.MaxValue)], 0);

        Assert.Equal("1", search.Best!.Value.TraceId);
        Assert.Equal("2", search.Incredible!.Value.TraceId);
    }

    private static FoundSpan Span(int trace, ulong duration, bool isServer = true, ulong offset = 0) =>
        new($"{trace}", "shop", "GET /", isServer, Start + offset, duration, Sampled: false);

    private static List<FoundSpan> Requests(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(i => Span(i, (ulong)Math.Exp(8 + (random.NextDouble() * 6)), offset: (ulong)random.Next(0, 299_999_999)))];

    /// <summary>Answers as Jaeger does: any traces that fit, up to the limit, in no useful order.</summary>
    private static (SlowestSearch Search, int Questions) Ask(List<FoundSpan> spans, ulong hint, bool answersEverything = false)
    {
        var search = new SlowestSearch("shop", Range, hint);
        var questions = 0;
        while (search.Next is { } question)
        {
            questions++;
            var from = (ulong)((question.Range.Start - DateTimeOffset.UnixEpoch).Ticks / 10);
            var until = (ulong)((question.Range.End - DateTimeOffset.UnixEpoch).Ticks / 10);
            var found = spans.Where(s => answersEverything || (s.Duration >= question.Least && s.Start >= from && s.Start < until)).Take(question.Limit).ToList();
            search.Take(new FoundTraces(found.Count, found, []));
        }

        return (search, questions);
    }
}
