namespace Dashboard.Sandbox.Reconciliation;

/// <summary>What is told of a request once it is answered.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path that was asked for.</param>
/// <param name="Route">Template that matched; null when none did.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Duration">From the first byte read to the last written.</param>
/// <param name="User">Who asked, where known.</param>
/// <param name="ErrorType">Why the service failed it; null when it did not.</param>
/// <param name="ErrorMessage">The same in words.</param>
internal sealed record AnsweredRequest(
    string Method, string Path, string? Route, int Status, TimeSpan Duration, string? User, string? ErrorType, string? ErrorMessage);
