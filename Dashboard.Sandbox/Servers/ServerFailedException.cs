namespace Dashboard.Sandbox.Servers;

/// <summary>A server of the sandbox could not be started, or ended by itself.</summary>
/// <param name="server">Its name.</param>
/// <param name="reason">Why, in a clause: "it ended with exit code 1".</param>
/// <param name="log">The last lines of its log; may be empty.</param>
public sealed class ServerFailedException(string server, string reason, string log = "", Exception? inner = null)
    : Exception(log.Length == 0 ? $"{server}: {reason}." : $"{server}: {reason}. Its last words:\n{log}", inner)
{
    public string Server => server;

    public string Reason => reason;
}
