using System.Globalization;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>A line of a partner's settlement file: reference, currency and amount, parted by semicolons.</summary>
internal sealed record SettlementRow(string Reference, string Currency, decimal Amount)
{
    /// <summary>A line as a partner once sent it, with a letter among the digits: what the error fault feeds the parser.</summary>
    public const string Damaged = "B-26112014-017;EUR;1284,4O";

    /// <exception cref="FormatException">The line is not one of a settlement file.</exception>
    public static SettlementRow Parse(string line) => line.Split(';') is [var reference, var currency, var amount]
        ? new SettlementRow(reference, currency, decimal.Parse(amount.Replace(',', '.'), NumberStyles.Number, CultureInfo.InvariantCulture))
        : throw new FormatException($"Expected three fields parted by semicolons: '{line}'.");
}
