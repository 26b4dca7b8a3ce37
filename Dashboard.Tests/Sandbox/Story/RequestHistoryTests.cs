using Dashboard.Sandbox.Story;

namespace Dashboard.Tests.Sandbox.Story;

public sealed class RequestHistoryTests
{
    private static readonly SandboxStory Story = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private readonly RequestHistory _history = new(Story);

    [Fact]
    public void The_same_seed_gives_the_same_past_whatever_range_is_asked_for()
    {
        var longer = _history.Between(Story.Now.AddMinutes(-10), Story.Now, oneIn: 1).Where(r => r.At >= Story.Now.AddMinutes(-2));
        var shorter = new RequestHistory(Story).Between(Story.Now.AddMinutes(-2), Story.Now, oneIn: 1);

        Assert.Equal(longer, shorter);
    }

    [Fact]
    public void A_sample_is_a_subset_of_the_whole()
    {
        var whole = _history.Between(Story.Now.AddMinutes(-10), Story.Now, oneIn: 1).ToHashSet();
        var sample = _history.Between(Story.Now.AddMinutes(-10), Story.Now, oneIn: 10).ToArray();

        Assert.Subset(whole, sample.ToHashSet());
        Assert.InRange(sample.Length, whole.Count / 20, whole.Count / 5);
    }

    [Fact]
    public void The_past_is_told_in_order_and_ends_before_now()
    {
        var past = _history.Sampled().ToArray();

        Assert.Equal(past.OrderBy(r => r.At).Select(r => r.At), past.Select(r => r.At));
        Assert.All(past, r => Assert.True(r.At + r.Duration <= Story.Now));
        Assert.InRange(past.Length, 20_000, 60_000);
    }

    [Fact]
    public void All_is_well_outside_the_incidents()
    {
        var hour = _history.Between(Story.Now.AddHours(-1), Story.Now, oneIn: 1).ToArray();
        var times = hour.Select(r => r.Duration).Order().ToArray();

        Assert.DoesNotContain(hour, r => r.TimedOut);
        Assert.InRange(times.Average(t => t.TotalMilliseconds), 10, 50);
        Assert.True(times[(int)(times.Length * 0.95)] < TimeSpan.FromMilliseconds(150));
        Assert.InRange(hour.Count(r => r.Status is >= 400 and < 500) / (double)hour.Length, 0.001, 0.01);
    }

    [Fact]
    public void The_partner_s_silence_shows_as_timeouts_of_its_route_alone()
    {
        var incident = _history.Between(Story.PartnerTimeouts.Start, Story.PartnerTimeouts.End, oneIn: 1).ToArray();
        var timedOut = incident.Where(r => r.TimedOut).ToArray();

        Assert.All(timedOut, r => Assert.True(r is { Status: 504, Route.UsesPartner: true, Path: "/api/partners/northbank/balance" }));
        Assert.InRange(timedOut.Length / (double)incident.Length, 0.02, 0.06);
    }
}
