using System.Diagnostics;

namespace Dashboard.Sandbox.Servers;

/// <summary>Runs a program that ends by itself.</summary>
internal static class ShortCommand
{
    /// <summary>What it printed.</summary>
    /// <exception cref="ServerFailedException">It is not installed, or ended with another exit code than 0.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var (code, output, error) = await TryAsync(program, arguments, cancellation);
        return code == 0
            ? output
            : throw new ServerFailedException(Path.GetFileName(program), $"it ended with exit code {code}", (error + output).Trim());
    }

    public static async Task<(int Code, string Output, string Error)> TryAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var path = InstalledProgram.Find(program) ?? throw new ServerFailedException(program, "it is not installed");

        // A working directory that every account may enter: some programs refuse to start otherwise.
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        using var process = await ForkThread.StartAsync(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
