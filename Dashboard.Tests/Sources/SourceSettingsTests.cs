using Dashboard.Core.Settings;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources;

public sealed class SourceSettingsTests
{
    [Fact]
    public void Without_settings_the_sources_are_looked_for_at_their_usual_ports()
    {
        using var sources = TestSources.With();

        Assert.Equal(
            ["http://127.0.0.1:9090", "http://127.0.0.1:16686", "http://127.0.0.1:9200", "postgresql://127.0.0.1:5432/reconciliation"],
            sources.GetServices<ISourceProbe>().Select(p => p.Address));
        Assert.Equal(Enum.GetValues<Core.Kpis.SourceKind>(), sources.GetServices<ISourceProbe>().Select(p => p.Source));
    }

    [Theory]
    [InlineData("Prometheus:Url", "", "Sources:Prometheus:Url is missing: expected an absolute http or https address such as http://127.0.0.1:9090.")]
    [InlineData("Prometheus:Url", "prometheus:9090", "Sources:Prometheus:Url is \"prometheus:9090\": expected an absolute http or https address such as http://127.0.0.1:9090.")]
    [InlineData("Jaeger:Url", "ftp://ann:geheim@jaeger", "Sources:Jaeger:Url is no address: expected an absolute http or https address such as http://127.0.0.1:9090.")]
    [InlineData("Jaeger:Timeout", "10", "Sources:Jaeger:Timeout is 10.00:00:00: expected a time from 0:00:00.05 to 0:05:00, such as 00:00:10 for ten seconds.")]
    [InlineData("Elasticsearch:MaxResponseMegabytes", "0", "Sources:Elasticsearch:MaxResponseMegabytes expected a whole number from 1 to 1024.")]
    [InlineData("Elasticsearch:Index", "logs/../_all", "Sources:Elasticsearch:Index is no index pattern: expected names separated by commas, such as logs-*,traces-2026.")]
    [InlineData("Postgres:Port", "70000", "Sources:Postgres:Port expected a port from 1 to 65535.")]
    [InlineData("Postgres:ConnectionString", "Host=db;Password=geheim;Nonsense=1",
        "Sources:Postgres:ConnectionString cannot be read: expected Npgsql's form, such as Host=db;Database=reconciliation;Username=dashboard_reader.")]
    public void A_bad_setting_is_told_by_its_key_with_what_was_expected(string key, string value, string problem)
    {
        var refused = Assert.Throws<SettingsException>(() => TestSources.With((key, value)));

        Assert.Equal([problem], refused.Problems);
    }

    [Fact]
    public void A_setting_of_the_wrong_type_is_told_by_its_key()
    {
        var refused = Assert.Throws<SettingsException>(() => TestSources.With(("Prometheus:Timeout", "soon")));

        Assert.Contains("Sources:Prometheus:Timeout", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var refused = Assert.Throws<SettingsException>(() => TestSources.With(("Prometheus:Url", "x"), ("Postgres:Host", "")));

        Assert.Contains(refused.Problems, p => p.StartsWith("Sources:Prometheus:Url", StringComparison.Ordinal));
        Assert.Contains(refused.Problems, p => p.StartsWith("Sources:Postgres:Host", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_ways_to_authenticate_are_one_too_many()
    {
        var refused = Assert.Throws<SettingsException>(
            () => TestSources.With(("Elasticsearch:Username", "ann"), ("Elasticsearch:Password", "p"), ("Elasticsearch:ApiKey", "k")));

        Assert.Equal(
            ["Sources:Elasticsearch:ApiKey is set beside a user or a token: expected one way to authenticate."],
            refused.Problems);
    }
}
