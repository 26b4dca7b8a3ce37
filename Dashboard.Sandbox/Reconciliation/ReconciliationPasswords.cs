namespace Dashboard.Sandbox.Reconciliation;

/// <summary>The passwords of the three roles of the reconciliation database. Never printed.</summary>
/// <param name="App">Of <c>reconciliation_app</c>, which owns the tables.</param>
/// <param name="Reader">Of <c>dashboard_reader</c>, which may only read them.</param>
/// <param name="Exporter">Of <c>exporter</c>, which reads the server's statistics.</param>
public sealed record ReconciliationPasswords(string App, string Reader, string Exporter)
{
    public override string ToString() => nameof(ReconciliationPasswords);
}
