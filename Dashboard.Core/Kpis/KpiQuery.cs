namespace Dashboard.Core.Kpis;

/// <summary>How a KPI is measured. A closed hierarchy: one record a kind of source.</summary>
public abstract record KpiQuery
{
    private KpiQuery()
    {
    }

    /// <summary>The source that answers this query.</summary>
    public abstract SourceKind Source { get; }

    /// <summary>The query as a person would read it before the dialect and the window are filled in.</summary>
    public abstract string Text { get; }

    /// <summary>A PromQL expression that gives one value.</summary>
    /// <param name="Expression">A template: <c>$window</c>, <c>$selector</c> and the dialect's names (<c>$duration_bucket</c>, <c>$status</c>, …) are filled in.</param>
    /// <param name="Quantile">Set where the value is that quantile of a histogram, in (0, 1): its buckets, the argument of <c>histogram_quantile</c>, tell the resolution.</param>
    /// <param name="Samples">A template that gives the number of observations behind the value, or null where that has no meaning.</param>
    /// <param name="Freshness">
    /// A template that selects the series whose newest sample tells how old the value is (<c>$requests{$selector}</c>); null takes all series that the expression selects.
    /// </param>
    public sealed record PromQl(string Expression, double? Quantile = null, string? Samples = null, string? Freshness = null) : KpiQuery
    {
        public override SourceKind Source => SourceKind.Prometheus;

        public override string Text => Expression;
    }

    /// <summary>The duration, in milliseconds, of the slowest server span of a service in the window, from traces.</summary>
    /// <param name="Service">The service's name in the traces; null takes the configured default.</param>
    /// <param name="Buckets">A PromQL template for the service's duration histogram by <c>le</c> (in seconds): its highest bucket in use bounds the maximum from above, which is shown where traces are sampled.</param>
    public sealed record SlowestTrace(string? Service = null, string? Buckets = null) : KpiQuery
    {
        public override SourceKind Source => SourceKind.Jaeger;

        public override string Text => $"slowest request of {Service ?? "the service"}";
    }

    /// <summary>The share, in percent, of log documents that match one query among those that match another.</summary>
    /// <param name="Matching">Query-string syntax of Elasticsearch: the documents counted.</param>
    /// <param name="Among">Query-string syntax of Elasticsearch: the documents they are a share of.</param>
    public sealed record LogShare(string Matching, string Among) : KpiQuery
    {
        public override SourceKind Source => SourceKind.Elasticsearch;

        public override string Text => $"{Matching} / {Among}";
    }

    /// <summary>
    /// A SQL statement with the parameters <c>@from</c> and <c>@to</c> (timestamptz) that gives one row: <c>value</c> (double precision, null without data),
    /// <c>samples</c> (bigint: rows behind it), <c>since</c> (timestamptz: the oldest of them), <c>newest</c> (timestamptz: when it was last known to be true).
    /// </summary>
    public sealed record Sql(string Statement) : KpiQuery
    {
        public override SourceKind Source => SourceKind.Postgres;

        public override string Text => Statement;
    }
}
