using Dashboard.Sandbox.Reconciliation;
using Dashboard.Sandbox.Supervision;

return args is ["service", .. var settings]
    ? await ReconciliationService.RunAsync(settings)
    : await SandboxCommand.RunAsync(args);
