using System.Collections.Immutable;
using System.Text;
using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Configuration;
using Dashboard.Core.Settings;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Tests.Kpis;

public sealed class KpiCatalogLoaderTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "Kpis": [] }""")]
    [InlineData("""{ "Kpis": null, "Metrics": { "Dialect": "auto", "ConcurrentUsers": "" } }""")]
    public void Without_settings_the_catalogue_is_the_built_in_one(string settings) => Assert.Equal(BuiltInKpis.All, Load(settings).All);

    [Fact]
    public void Every_field_of_a_built_in_KPI_can_be_changed()
    {
        var kpi = Load(
            """
            { "Kpis": [ { "Id": "response-time-p95", "Name": "Slow requests", "ShortName": "Slow", "Group": "Speed", "Unit": "s", "Target": "< 0.2", "WarningMargin": "5%",
              "Window": "10m", "Interval": "30s", "Description": "How slow.", "Owner": "Ada", "LeastSamples": 7,
              "Query": "histogram_quantile(0.9, sum by (le) (rate($duration_bucket{$selector}[$window])))" } ] }
            """).Find("response-time-p95")!;

        Assert.Equal(("Slow requests", "Slow", "Speed", "s", "How slow.", "Ada", 7), (kpi.Name, kpi.ShortName, kpi.Group, kpi.Unit, kpi.Description, kpi.Owner, kpi.LeastSamples));
        Assert.Equal(new KpiTarget(Comparison.LessThan, 0.2, 0.01), kpi.Target);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30)), (kpi.Window, kpi.Interval));
        Assert.Equal(0.9, Assert.IsType<KpiQuery.PromQl>(kpi.Query).Quantile);
    }

    [Fact]
    public void What_an_entry_does_not_name_stays_as_it_was()
    {
        var before = BuiltInKpis.All.Single(k => k.Id == "error-rate");

        var kpi = Load("""{ "Kpis": [ { "Id": "error-rate", "Owner": "Ada" } ] }""").Find("error-rate");

        Assert.Equal(before with { Owner = "Ada" }, kpi);
    }

    [Theory]
    [InlineData("\"60\"", Comparison.LessThan, 60, 6)]
    [InlineData("60", Comparison.LessThan, 60, 6)]
    [InlineData("\"<60\"", Comparison.LessThan, 60, 6)]
    [InlineData("\"> 60\"", Comparison.GreaterThan, 60, 6)]
    [InlineData("{ \"Comparison\": \"<\", \"Value\": 60 }", Comparison.LessThan, 60, 6)]
    public void A_new_target_brings_its_own_margin(string written, Comparison comparison, double value, double margin) => Assert.Equal(
        new KpiTarget(comparison, value, margin),
        Load($$"""{ "Kpis": [ { "Id": "response-time-avg", "Target": {{written}} } ] }""").Find("response-time-avg")!.Target);

    [Fact]
    public void A_KPI_can_be_added_for_each_source()
    {
        var catalog = Load(
            """
            { "Kpis": [
              { "Id": "queue-length", "Name": "Queue length", "Unit": "jobs", "Target": "< 100", "Source": "prometheus", "Query": "max(queue_length{$selector})" },
              { "Id": "slowest-import", "Name": "Slowest import", "Unit": "ms", "Target": "< 9000", "Source": "jaeger", "Service": "importer", "Window": "1h" },
              { "Id": "warnings", "Name": "Warnings", "Unit": "%", "Target": "< 5", "Source": "elasticsearch", "Query": "log.level:warn", "Among": "service.name:importer" },
              { "Id": "open-tasks", "Name": "Open tasks", "Unit": "tasks", "Target": "< 50", "Source": "postgres", "Group": "Business",
                "Query": "select count(*)::float8 as value, count(*) as samples, min(created_at) as since, now() as newest from tasks where created_at between @from and @to" } ] }
            """);

        Assert.Equal(20, catalog.All.Length);
        Assert.Equal(["queue-length", "slowest-import", "warnings", "open-tasks"], catalog.All[16..].Select(k => k.Id));
        Assert.Equal(new KpiQuery.LogShare("log.level:warn", "service.name:importer"), catalog.Find("warnings")!.Query);
        Assert.Equal("importer", Assert.IsType<KpiQuery.SlowestTrace>(catalog.Find("slowest-import")!.Query).Service);
        Assert.Equal(TimeSpan.FromSeconds(30), catalog.Find("open-tasks")!.Interval);
        Assert.Equal("Other", catalog.Find("queue-length")!.Group);
    }

    [Fact]
    public void Intervals_can_be_set_for_all_KPIs_of_a_source()
    {
        var catalog = Load("""{ "Collection": { "Intervals": { "Prometheus": "20s", "Postgres": "2m" } } }""");

        Assert.Equal(TimeSpan.FromSeconds(20), catalog.Find("error-rate")!.Interval);
        Assert.Equal(TimeSpan.FromMinutes(2), catalog.Find("data-accuracy")!.Interval);
        Assert.Equal(TimeSpan.FromSeconds(15), catalog.Find("timeout-rate")!.Interval);
    }

    [Fact]
    public void Concurrent_users_can_come_from_another_expression() => Assert.Equal(
        "avg_over_time((sum(sessions{app=\"x\"}))[$window:$resolution])",
        Load("""{ "Metrics": { "ConcurrentUsers": "sum(sessions{app=\"x\"})" } }""").Find("concurrent-users")!.Query.Text);

    [Theory]
    [InlineData("""{ "Id": "error-rate", "Taget": "< 1" }""",
        "Kpis[0] (error-rate): there is no field \"Taget\"; expected one of Id, Name, ShortName, Group, Unit, Target, WarningMargin, Window, Interval, Description, Owner, LeastSamples, Source, Query, Among, Service, Samples, Freshness, Quantile.")]
    [InlineData("""{ "Name": "x" }""", "Kpis[0], Id: missing, expected lower-case words joined by hyphens, such as \"queue-length\".")]
    [InlineData("""{ "Id": "Error Rate" }""", "Kpis[0], Id: found \"Error Rate\", expected lower-case words joined by hyphens, such as \"queue-length\".")]
    [InlineData("""{ "Id": "error-rate", "Target": "about 5" }""", "Kpis[0] (error-rate), Target: found \"about 5\", expected a number, or \"<\" or \">\" and a number, such as \"< 50\".")]
    [InlineData("""{ "Id": "error-rate", "Target": "< NaN" }""", "Kpis[0] (error-rate), Target: found \"< NaN\", expected a number, or \"<\" or \">\" and a number, such as \"< 50\".")]
    [InlineData("""{ "Id": "error-rate", "Target": { "Comparison": "<", "Valeu": 5 } }""", "Kpis[0] (error-rate), Target: found an object or a list, expected a number, or \"<\" or \">\" and a number, such as \"< 50\".")]
    [InlineData("""{ "Id": "error-rate", "WarningMargin": "-1" }""", "Kpis[0] (error-rate), WarningMargin: found \"-1\", expected a number from 0 in the KPI's unit, or a percentage of the target such as \"10%\".")]
    [InlineData("""{ "Id": "error-rate", "Window": "5 minutes" }""", "Kpis[0] (error-rate), Window: found \"5 minutes\", expected a duration such as 5s, 5m, 24h or 30d, from 1s to 366d.")]
    [InlineData("""{ "Id": "error-rate", "Interval": "10ms" }""", "Kpis[0] (error-rate), Interval: found \"10ms\", expected a duration such as 5s, 5m, 24h or 30d, from 1s to 24h.")]
    [InlineData("""{ "Id": "error-rate", "Name": "" }""", "Kpis[0] (error-rate), Name: found nothing, expected a text.")]
    [InlineData("""{ "Id": "error-rate", "LeastSamples": "few" }""", "Kpis[0] (error-rate), LeastSamples: found \"few\", expected a whole number from 0.")]
    [InlineData("""{ "Id": "error-rate", "Quantile": "95" }""", "Kpis[0] (error-rate), Quantile: found \"95\", expected a number between 0 and 1, such as 0.95.")]
    [InlineData("""{ "Id": "error-rate", "Query": "sum(rate(x[5m])" }""", "Kpis[0] (error-rate), Query: found \"sum(rate(x[5m])\", expected a PromQL expression, but a ( is not closed.")]
    [InlineData("""{ "Id": "error-rate", "Query": "vector(1)" }""", "Kpis[0] (error-rate), Query: found \"vector(1)\", expected an expression that selects at least one series, or a Freshness that does: otherwise nothing tells how old the value is.")]
    [InlineData("""{ "Id": "error-rate", "Query": "sum(rate(x[$windo]))" }""",
        "Kpis[0] (error-rate), Query: found \"sum(rate(x[$windo]))\", expected only these variables, not $windo: $resolution, $selector, $window, $duration_bucket, $duration_count, $duration_sum, $failed, $memory_bytes, $memory_series, $pool_series, $pool_usage, $requests, $route, $status, $users.")]
    [InlineData("""{ "Id": "data-accuracy", "Query": "delete from tasks where created_at > @from and created_at < @to" }""",
        "Kpis[0] (data-accuracy), Query: found \"delete from tasks where created_at > @from and created_at < @to\", expected one select statement with the parameters @from and @to.")]
    [InlineData("""{ "Id": "data-accuracy", "Query": "select 1" }""", "Kpis[0] (data-accuracy), Query: found \"select 1\", expected one select statement with the parameters @from and @to.")]
    [InlineData("""{ "Id": "data-accuracy", "Freshness": "up" }""", "Kpis[0] (data-accuracy), Freshness: found \"up\", expected nothing, since only prometheus has it.")]
    [InlineData("""{ "Id": "error-rate", "Source": "influx" }""", "Kpis[0] (error-rate), Source: found \"influx\", expected prometheus, jaeger, elasticsearch or postgres.")]
    [InlineData("""{ "Id": "error-rate", "Source": "postgres" }""", "Kpis[0] (error-rate), Query: missing, expected one select statement with the parameters @from and @to.")]
    [InlineData("""{ "Id": "response-time-max", "Query": "slow" }""", "Kpis[0] (response-time-max), Query: found \"slow\", expected nothing: a KPI from traces is the slowest request of its Service.")]
    public void A_bad_entry_is_told_with_entry_field_what_was_found_and_what_was_expected(string entry, string problem) =>
        Assert.Equal(problem, Assert.Single(Problems($$"""{ "Kpis": [ {{entry}} ] }""")));

    [Fact]
    public void A_new_entry_has_to_say_what_it_is() => Assert.Equal(
        [
            "Kpis[0] (queue-length), Name: missing, expected a text.",
            "Kpis[0] (queue-length), Unit: missing, expected a unit such as ms, %, MB or RPS.",
            "Kpis[0] (queue-length), Target: missing, expected \"<\" or \">\" and a number, such as \"< 50\".",
            "Kpis[0] (queue-length), Source: missing, expected prometheus, jaeger, elasticsearch or postgres.",
        ],
        Problems("""{ "Kpis": [ { "Id": "queue-length" } ] }"""));

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = Problems(
            """
            { "Kpis": [ { "Id": "error-rate", "Window": "soon" }, { "Id": "error-rate" } ], "Metrics": { "Dialect": "statsd", "Selector": "{job=\"x\"}", "Dialekt": "x" },
              "Collection": { "Intervals": { "Prometheus": "0s", "Graphite": "5s" } } }
            """);

        Assert.Equal(
            [
                "Collection:Intervals: there is no field \"Graphite\"; expected one of Prometheus, Jaeger, Elasticsearch, Postgres.",
                "Collection:Intervals, Prometheus: found \"0s\", expected a duration such as 5s, 5m, 24h or 30d, from 1s to 24h.",
                "Metrics: there is no field \"Dialekt\"; expected one of Dialect, Selector, ConcurrentUsers, ScrapeInterval.",
                "Metrics, Dialect: found \"statsd\", expected auto or one of opentelemetry, opentelemetry-without-units, opentelemetry-dotted, micrometer, prometheus-net, prom-client.",
                "Metrics, Selector: found \"{job=\"x\"}\", expected label matchers without braces, such as job=\"reconciliation-api\".",
                "Kpis[0] (error-rate), Window: found \"soon\", expected a duration such as 5s, 5m, 24h or 30d, from 1s to 366d.",
                "Kpis[1] (error-rate), Id: the entry Kpis[0] (error-rate) has it already, expected each KPI once.",
            ],
            problems);
    }

    [Fact]
    public void The_message_holds_every_problem_on_its_own_line()
    {
        var message = Assert.Throws<SettingsException>(() => Load("""{ "Kpis": [ { "Id": "error-rate", "Window": "soon", "Interval": "later" } ] }""")).Message;

        Assert.Equal(2, message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void Something_else_than_a_list_is_refused() =>
        Assert.Equal(["Kpis: found \"none\", expected a list of entries, each an object with an Id."], Problems("""{ "Kpis": "none" }"""));

    private static KpiCatalog Load(string json) =>
        KpiCatalogLoader.Load(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());

    private static ImmutableArray<string> Problems(string json) => Assert.Throws<SettingsException>(() => Load(json)).Problems;
}
