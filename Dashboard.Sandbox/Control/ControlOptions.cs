namespace Dashboard.Sandbox.Control;

/// <summary>What the control page needs to know.</summary>
/// <param name="Port">Loopback port of the page; 0 takes a free one.</param>
/// <param name="Service">Base address of the reference service, which faults are forwarded to.</param>
/// <param name="Dashboard">Base address of the dashboard, linked to from the page; null shows no links.</param>
public sealed record ControlOptions(int Port, Uri Service, Uri? Dashboard);
