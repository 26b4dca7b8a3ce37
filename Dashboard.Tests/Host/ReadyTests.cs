namespace Dashboard.Tests.Host;

public sealed class ReadyTests
{
    [Fact]
    public async Task It_says_where_it_is_once_every_KPI_was_tried_even_when_every_source_is_down()
    {
        await using var dashboard = DashboardProcess.Start(
        [
            "--Dashboard:Port=0", "--Sources:Prometheus:Url=http://127.0.0.1:1", "--Sources:Jaeger:Url=http://127.0.0.1:1",
            "--Sources:Elasticsearch:Url=http://127.0.0.1:1", "--Sources:Postgres:Port=1", "--History:Path=history.db",
        ]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var line = await dashboard.Output.ReadLineAsync(patience.Token);
        Assert.StartsWith("Dashboard ready: http://127.0.0.1:", line, StringComparison.Ordinal);

        using var client = new HttpClient();
        var scorecard = await client.GetStringAsync(new Uri(line!["Dashboard ready: ".Length..] + "/api/v1/scorecard"), patience.Token);
        Assert.Equal(16, scorecard.Split("\"status\":\"source_down\"").Length - 1);
        Assert.Contains("\"overall\":\"source_down\"", scorecard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", "http://127.0.0.1:5080")]
    [InlineData("http://[::]:5080", "http://127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080")]
    [InlineData("http://192.0.2.7:5080", "http://192.0.2.7:5080")]
    public void The_address_is_one_that_can_be_opened(string bound, string readable) =>
        Assert.Equal(readable, Dashboard.Web.Hosting.ReadyAnnouncer.Readable(bound));
}
