namespace Dashboard.Sandbox.MetricHistory;

/// <summary>The distribution of durations: many near the median, a long tail.</summary>
/// <param name="Median">In any unit; above 0.</param>
/// <param name="Sigma">Standard deviation of the logarithm.</param>
public readonly record struct LogNormal(double Median, double Sigma)
{
    public double Mean => Median * Math.Exp(Sigma * Sigma / 2);

    /// <summary>The share, 0 to 1, of values up to <paramref name="value"/>.</summary>
    public double ShareUpTo(double value) => value <= 0 ? 0 : Normal(Math.Log(value / Median) / Sigma);

    // Abramowitz and Stegun 26.2.17: off by less than 7.5e-8.
    private static double Normal(double x)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        var upper = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
        return x >= 0 ? 1 - upper : upper;
    }
}
