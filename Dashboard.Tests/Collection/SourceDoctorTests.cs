using Dashboard.Core.Collection;
using Dashboard.Core.Collection.Doctor;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Dashboard.Tests.Collection.TestKpis;

namespace Dashboard.Tests.Collection;

public sealed class SourceDoctorTests
{
    private static readonly KpiDefinition[] OneOfEach = [.. AllSources.Select(source => Kpi(source.ToWire(), source))];

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly FakeChecker _checker = new();

    [Fact]
    public async Task All_is_well_where_every_source_answers_and_every_KPI_has_a_verdict()
    {
        var reader = new CountingReader(_clock) { Answer = (kpi, _) => Task.FromResult(Measured(kpi.Id == "jaeger" ? 500 : 50, Noon)) };

        var report = await ExamineAsync(reader, AllSources.Select(source => FakeProbe.Answering(source, "2.42.0")));

        Assert.True(report.Healthy);
        Assert.Contains(report.Lines, line => line.Contains("Prometheus") && line.Contains("answers") && line.Contains("http://prometheus.example") && line.Contains("version 2.42.0"));
        Assert.Contains(report.Lines, line => line.Contains("jaeger") && line.Contains("missed") && line.Contains("500 ms") && line.Contains("target < 100"));
        Assert.Equal("All 4 sources answer and all 4 KPIs can be judged; 1 of them miss their target.", report.Lines[^1]);
    }

    [Fact]
    public async Task Each_KPI_without_a_value_is_told_with_its_reason()
    {
        _checker.Advice = _checker.Advice.Add("prometheus", ["No bucket bound lies at the target."]);
        var reader = new CountingReader(_clock)
        {
            Answer = (kpi, _) => kpi.Id switch
            {
                "elasticsearch" => Task.FromResult(Measured(null, Noon)),
                "postgres" => Task.FromResult(Failed(SourceKind.Postgres)),
                "jaeger" => throw new InvalidOperationException("broken"),
                _ => Task.FromResult(Measured(50, Noon)),
            },
        };

        var report = await ExamineAsync(reader, AllSources.Select(source => source is SourceKind.Postgres
            ? FakeProbe.Failing(source, "PostgreSQL refused the password.")
            : FakeProbe.Answering(source)));

        Assert.False(report.Healthy);
        Assert.Contains(report.Lines, line => line.Contains("PostgreSQL") && line.Contains("DOES NOT ANSWER"));
        Assert.Contains(report.Lines, line => line.Contains("! PostgreSQL: "));
        Assert.Contains("      ! There were no requests in the last 5 minutes.", report.Lines);
        Assert.Contains("      ! PostgreSQL refused the connection. Check that it runs.", report.Lines);
        Assert.Contains("      - No bucket bound lies at the target.", report.Lines);
        Assert.Equal("1 of 4 sources do not answer; 3 of 4 KPIs cannot be judged.", report.Lines[^1]);
    }

    [Fact]
    public async Task Columns_stand_below_each_other_without_colours()
    {
        var report = await ExamineAsync(new CountingReader(_clock), AllSources.Select(source => FakeProbe.Answering(source)));
        var kpis = report.Lines.SkipWhile(line => line != "KPIs").Skip(1).TakeWhile(line => line.Length > 0).ToList();
        Assert.Equal(4, kpis.Count);
        Assert.Single(kpis.Select(line => line.IndexOf("target <", StringComparison.Ordinal)).Distinct());
        Assert.All(report.Lines, line => Assert.DoesNotContain('\u001b', line));
    }

    private async Task<DoctorReport> ExamineAsync(IKpiReader reader, IEnumerable<ISourceProbe> probes)
    {
        using var meters = new TestMeters();
        var doctor = new SourceDoctor(
            new KpiCatalog([.. OneOfEach]), reader, probes, [], _checker, new CollectionMetrics(meters, new ScorecardFeed(), _clock), new CollectionOptions(), _clock,
            NullLoggerFactory.Instance);
        return await doctor.RunAsync(CancellationToken.None);
    }
}
