using Dashboard.Core.Collection.Doctor;
using Dashboard.Core.Settings;

namespace Dashboard.Web.Hosting;

/// <summary><c>doctor</c>: examines the settings, every source and every KPI once, and prints what is wrong, without serving anything.</summary>
public static class DoctorVerb
{
    public const string Name = "doctor";

    /// <summary>Exit code where a source does not answer or a KPI has no verdict.</summary>
    public const int Ill = 1;

    /// <param name="settings">Settings as on the command line, without the verb.</param>
    public static async Task<int> RunAsync(string[] settings, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            // What the log would say stands in the report.
            await using var app = DashboardApp.Build([.. settings, "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Dashboard=None"]);
            var report = await app.Services.GetRequiredService<SourceDoctor>().RunAsync(cancellation);
            foreach (var line in report.Lines)
                await output.WriteLineAsync(line.AsMemory(), cancellation);
            return report.Healthy ? 0 : Ill;
        }
        catch (SettingsException wrong)
        {
            await output.WriteLineAsync("The settings cannot be used:".AsMemory(), cancellation);
            foreach (var problem in wrong.Problems)
                await output.WriteLineAsync($"  ! {problem}".AsMemory(), cancellation);
            return DashboardApp.CannotStart;
        }
    }
}
