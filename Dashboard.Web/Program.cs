using Dashboard.Web.Hosting;

return args is [DoctorVerb.Name, .. var settings]
    ? await DoctorVerb.RunAsync(settings, Console.Out, CancellationToken.None)
    : await DashboardApp.RunAsync(args);
