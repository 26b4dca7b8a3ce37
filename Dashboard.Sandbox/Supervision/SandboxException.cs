namespace Dashboard.Sandbox.Supervision;

/// <summary>The sandbox cannot start, for a reason that whoever starts it can act on; the message is all they need.</summary>
public sealed class SandboxException(string message) : Exception(message);
