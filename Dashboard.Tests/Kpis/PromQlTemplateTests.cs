using System.Text;
using Dashboard.Core.Kpis;
using Dashboard.Core.Kpis.Dialects;
using Dashboard.Core.Kpis.Measuring;
using Dashboard.Tests.Repository;

namespace Dashboard.Tests.Kpis;

public sealed class PromQlTemplateTests
{
    private const string Selector = "job=\"reconciliation-api\"";

    /// <summary>Every built-in query in every dialect, as text in a file, so that a change shows in its diff.</summary>
    [Fact]
    public void Every_built_in_query_reads_as_it_was_reviewed_in_every_dialect()
    {
        var file = Path.Combine(RepositoryRoot.Path, "Dashboard.Tests", "Kpis", "Golden", "promql.txt");

        Assert.Equal(File.ReadAllText(file), AllQueries(), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Selector)]
    public void No_built_in_query_is_broken_in_any_dialect(string selector) => Assert.All(
        from dialect in KnownDialects.All
        from kpi in BuiltInKpis.All
        where kpi.Query is KpiQuery.PromQl
        select MetricQueries.Of((KpiQuery.PromQl)kpi.Query, kpi.Window, dialect, selector),
        queries =>
        {
            foreach (var text in new[] { queries.Expression, queries.Newest, queries.Present, queries.Samples ?? "", queries.Buckets ?? "" })
            {
                Assert.Null(PromQlOutline.Of(text).Problem);
                Assert.DoesNotContain("$", text, StringComparison.Ordinal);
                Assert.DoesNotContain("{,", text, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void Dotted_names_are_quoted_inside_the_braces() => Assert.Equal(
        "rate({\"http.server.request.duration_bucket\",job=\"reconciliation-api\",\"http.response.status_code\"=~\"5..\"}[5m])",
        PromQlTemplate.Expand("rate($duration_bucket{$selector,$status=~\"5..\"}[$window])", KnownDialects.OpenTelemetryDotted, Selector, TimeSpan.FromMinutes(5)));

    [Fact]
    public void An_empty_selector_leaves_no_stray_comma() => Assert.Equal(
        "rate(http_requests_received_total{code=~\"5..\"}[5m])",
        PromQlTemplate.Expand("rate($requests{$selector,$status=~\"5..\"}[$window])", KnownDialects.PrometheusNet, "", TimeSpan.FromMinutes(5)));

    [Fact]
    public void What_needs_no_dialect_is_filled_without_one()
    {
        Assert.False(PromQlTemplate.NeedsDialect("max_over_time(queue{$selector}[$window])"));
        Assert.Equal("max_over_time(queue{job=\"x\"}[10m])", PromQlTemplate.Expand("max_over_time(queue{$selector}[$window])", null, "job=\"x\"", TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData(60, 15)]
    [InlineData(300, 15)]
    [InlineData(86_400, 360)]
    [InlineData(2_592_000, 10_800)]
    [InlineData(8, 2)]
    public void A_window_has_a_bounded_number_of_steps(double window, double step) =>
        Assert.Equal(step, PromQlTemplate.Resolution(TimeSpan.FromSeconds(window)).TotalSeconds);

    [Theory]
    [InlineData("up", "up")]
    [InlineData("sum by (le, job) (rate(a_bucket{x=\"}\"}[5m])) / on (instance) group_left (x) b", "a_bucket{x=\"}\"}|b")]
    [InlineData("sum(a) without (b) or vector(0) and c offset 5m > bool 1e3", "a|c")]
    [InlineData("max_over_time({\"http.x\",job=\"y\"}[1h:30s])", "{\"http.x\",job=\"y\"}")]
    [InlineData("label_replace(a{}, \"b\", \"$1\", \"c\", \"(.*)\")", "a{}")]
    [InlineData("time() - 5", "")]
    public void The_series_an_expression_selects_are_seen(string expression, string selectors) =>
        Assert.Equal(selectors, string.Join('|', PromQlOutline.Of(expression).Selectors));

    [Theory]
    [InlineData("sum(a", "a ( is not closed")]
    [InlineData("sum(a))", "a ) closes nothing")]
    [InlineData("a{b=\"c\"", "a { is not closed")]
    [InlineData("a{b=\"c}", "a { is not closed")]
    [InlineData("rate(a[5m)", "a [ is not closed")]
    [InlineData("a}", "a } closes nothing")]
    [InlineData("count_values(\"x, a)", "a quoted string is not closed")]
    public void A_broken_expression_is_seen(string expression, string problem) => Assert.Equal(problem, PromQlOutline.Of(expression).Problem);

    [Fact]
    public void The_buckets_of_a_percentile_are_its_argument() => Assert.Equal(
        "sum by (le) (rate(a_bucket{x=\")\"}[5m]))", PromQlOutline.BucketsIn("1000 * histogram_quantile(0.95, sum by (le) (rate(a_bucket{x=\")\"}[5m])))"));

    internal static string AllQueries()
    {
        var text = new StringBuilder();
        foreach (var dialect in KnownDialects.All)
        {
            text.Append("# ").Append(dialect.Id).Append('\n');
            foreach (var kpi in BuiltInKpis.All)
            {
                if (kpi.Query is KpiQuery.PromQl query)
                    text.Append(kpi.Id).Append(": ").Append(MetricQueries.Of(query, kpi.Window, dialect, Selector).Expression).Append('\n');
            }

            text.Append('\n');
        }

        var beside = MetricQueries.Of((KpiQuery.PromQl)BuiltInKpis.All[1].Query, BuiltInKpis.All[1].Window, KnownDialects.OpenTelemetry, Selector);
        text.Append("# beside the 95th percentile in opentelemetry\n");
        text.Append("age: ").Append(beside.Newest).Append("\ncoverage: ").Append(beside.Present).Append("\nsamples: ").Append(beside.Samples).Append("\nbuckets: ").Append(beside.Buckets).Append('\n');
        return text.ToString();
    }
}
