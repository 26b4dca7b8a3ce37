using Dashboard.Core.Series;

namespace Dashboard.Core.Sources;

/// <summary>The reconciliation database.</summary>
public interface IBusinessSource
{
    /// <summary>Runs a KPI's statement, read-only, with @from and @to bound to the range.</summary>
    /// <exception cref="SourceException"/>
    Task<SourceAnswer<BusinessValue>> MeasureAsync(string statement, TimeRange range, CancellationToken cancellation);
}

/// <param name="Value">Null where there is nothing to measure.</param>
/// <param name="Samples">Rows behind the value.</param>
/// <param name="Since">The oldest of them.</param>
/// <param name="Newest">When the value was last known to be true.</param>
public sealed record BusinessValue(double? Value, long? Samples, DateTimeOffset? Since, DateTimeOffset? Newest);
