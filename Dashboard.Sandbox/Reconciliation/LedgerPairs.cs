using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Reconciliation;

/// <summary>One booking as both ledgers know it.</summary>
/// <param name="Reference">What joins the two entries.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">What the service booked.</param>
/// <param name="PartnerAmount">What the partner reports; null when it doesn't know the booking.</param>
/// <param name="BookedAt">When it was booked.</param>
public sealed record LedgerPair(string Reference, string Currency, decimal Amount, decimal? PartnerAmount, DateTimeOffset BookedAt)
{
    public bool Matched => PartnerAmount == Amount;
}

/// <summary>
/// Draws bookings, of which a given share is wrong on the partner's side. The share is met exactly in the long run and
/// closely in the short: wrong rows come at even distances, for the data accuracy of a quiet day must not be a matter of luck.
/// </summary>
public sealed class LedgerPairs(int seed)
{
    /// <summary>Of the wrong rows, one in this many is missing; the others have another amount.</summary>
    private const int MissingOneIn = 8;

    private static readonly string[] Currencies = ["EUR", "EUR", "EUR", "EUR", "USD", "USD", "GBP", "CHF"];

    private readonly Random random = new(seed);
    private double debt = 0.5;
    private int wrong;

    /// <summary>Share of the bookings that are wrong on the partner's side, another amount or missing, 0 to 1.</summary>
    public static double WrongShare(SandboxConditions conditions) =>
        conditions.MismatchShare * MissingOneIn / (MissingOneIn - 1);

    /// <param name="reference">Unique in both ledgers.</param>
    /// <param name="bookedAt">When it was booked.</param>
    /// <param name="wrongShare">Share of the bookings that are wrong on the partner's side, 0 to 1.</param>
    public LedgerPair Next(string reference, DateTimeOffset bookedAt, double wrongShare)
    {
        // Amounts of payments are spread over magnitudes: most are small, few are large.
        var amount = Math.Round((decimal)Math.Exp(3.2 + (random.NextDouble() * 5.5)), 2);
        var currency = Currencies[random.Next(Currencies.Length)];
        debt += wrongShare;
        if (debt < 1)
            return new LedgerPair(reference, currency, amount, amount, bookedAt);

        debt -= 1;
        wrong++;
        return new LedgerPair(reference, currency, amount, wrong % MissingOneIn == 0 ? null : Differing(amount), bookedAt);
    }

    /// <summary>The usual ways in which amounts differ: a fee kept back, two digits exchanged, a rounding.</summary>
    private decimal Differing(decimal amount) => random.Next(3) switch
    {
        0 => amount - 1.50m,
        1 => amount + 9m,
        _ => amount + 0.01m,
    };
}
