namespace Dashboard.Core.Kpis;

/// <summary>On which side of the target's value the KPI has to be. Both are strict: a value equal to the target misses it.</summary>
public enum Comparison
{
    /// <summary>"&lt;": lower is better.</summary>
    LessThan,

    /// <summary>"&gt;": higher is better.</summary>
    GreaterThan,
}

/// <summary>A documented target.</summary>
/// <param name="Comparison">The side of the value on which the target is met.</param>
/// <param name="Value">In the KPI's unit.</param>
/// <param name="Margin">
/// Width of the warning zone on the good side of <paramref name="Value"/>, in the KPI's unit, not negative. A value that meets the target by less
/// than this is at risk.
/// </param>
public sealed record KpiTarget(Comparison Comparison, double Value, double Margin)
{
    /// <summary>"&lt;" or "&gt;".</summary>
    public string Sign => Comparison is Comparison.LessThan ? "<" : ">";

    /// <summary>The verdict on a fresh, finite value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite: that is missing data, on which there is no verdict.</exception>
    public KpiStatus Judge(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A verdict needs a finite value.");

        var slack = Comparison is Comparison.LessThan ? Value - value : value - Value;
        return slack <= 0 ? KpiStatus.Missed : slack < Margin ? KpiStatus.AtRisk : KpiStatus.Met;
    }

    /// <summary>True where a change from <paramref name="before"/> to <paramref name="after"/> goes the good way.</summary>
    public bool IsBetter(double before, double after) => Comparison is Comparison.LessThan ? after < before : after > before;
}
