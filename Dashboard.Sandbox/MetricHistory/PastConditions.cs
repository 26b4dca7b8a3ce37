using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.MetricHistory;

/// <summary>How things stood at each scrape of the past: what the story says, with the unrest of real life. The same story and seed give the same.</summary>
public sealed class PastConditions
{
    private readonly SandboxConditions[] _conditions;
    private readonly double[] _load;
    private readonly double[] _pace;

    public PastConditions(SandboxStory story, PastSteps steps, int seed = 7)
    {
        Story = story;
        Steps = steps;
        var random = new Random(seed);
        (_conditions, _load, _pace) = (new SandboxConditions[steps.Count], new double[steps.Count], new double[steps.Count]);
        var drift = 0.0;
        for (var step = 0; step < steps.Count; step++)
        {
            _conditions[step] = story.ConditionsAt(steps.TimeOf(step));

            // Neighbouring moments are alike: half of the deviation carries over.
            drift = (0.5 * drift) + Gaussian(random);
            _load[step] = _conditions[step].RequestsPerSecond * Math.Exp(0.04 * drift);

            // A busier service is a little slower.
            _pace[step] = Math.Exp(0.05 * Gaussian(random)) * (0.94 + (0.003 * _load[step]));
        }
    }

    public SandboxStory Story { get; }

    public PastSteps Steps { get; }

    public SandboxConditions this[int step] => _conditions[step];

    /// <summary>Requests per second.</summary>
    public double LoadAt(int step) => _load[step];

    /// <summary>Factor on all durations; 1 is ordinary.</summary>
    public double PaceAt(int step) => _pace[step];

    // Box and Muller's transform.
    public static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
