using System.Text.Json.Serialization;

namespace Dashboard.Sandbox.Reconciliation;

internal sealed record RunAnswer(
    long Id, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string Status,
    int InternalCount, int Matched, int Mismatched, int Missing, DateTimeOffset SliceFrom, DateTimeOffset SliceTo);

/// <param name="Matched">Of the last 24 hours.</param>
internal sealed record RunsAnswer(IReadOnlyList<RunAnswer> Runs, long Matched, long Compared);

internal sealed record DiscrepancyAnswer(
    long Id, long RunId, string Reference, string Kind, decimal InternalAmount, decimal? PartnerAmount,
    DateTimeOffset FoundAt, DateTimeOffset? ResolvedAt);

internal sealed record RunDetailAnswer(RunAnswer Run, IReadOnlyList<DiscrepancyAnswer> Discrepancies);

internal sealed record EntryAnswer(long Id, string Reference, decimal Amount, string Currency, DateTimeOffset BookedAt);

internal sealed record CurrencyTotal(string Currency, long Count, decimal Amount);

internal sealed record EntriesAnswer(string Ledger, IReadOnlyList<EntryAnswer> Entries, IReadOnlyList<CurrencyTotal> Totals);

internal sealed record TaskAnswer(long Id, string Kind, string Status, DateTimeOffset DueAt, DateTimeOffset? CompletedAt);

/// <param name="OpenTasks">What there is to do about them.</param>
internal sealed record DiscrepanciesAnswer(IReadOnlyList<DiscrepancyAnswer> Discrepancies, IReadOnlyList<TaskAnswer> OpenTasks);

internal sealed record FeedbackRequest(int? Score, string? Comment);

internal sealed record FeedbackAnswer(long Id);

/// <summary>The slice to reconcile; without one, what was booked since the last run.</summary>
internal sealed record RunRequest(DateTimeOffset? From, DateTimeOffset? To);

internal sealed record BalanceAnswer(string Partner, string Currency, decimal Balance, DateTimeOffset At);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunsAnswer))]
[JsonSerializable(typeof(RunAnswer))]
[JsonSerializable(typeof(RunDetailAnswer))]
[JsonSerializable(typeof(EntriesAnswer))]
[JsonSerializable(typeof(DiscrepanciesAnswer))]
[JsonSerializable(typeof(TaskAnswer))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(FeedbackAnswer))]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(BalanceAnswer))]
internal sealed partial class ReconciliationJson : JsonSerializerContext;
