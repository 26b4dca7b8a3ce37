using Dashboard.Core.Collection;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Dashboard.Tests.Support;

/// <summary>
/// The real dashboard on a free port of this machine, with its real pipeline. What it shows is published by the test instead of collected.
/// </summary>
public sealed class RunningDashboard : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _data;

    private RunningDashboard(WebApplication app, DirectoryInfo data, FakeKpiReader reader)
    {
        _app = app;
        _data = data;
        Reader = reader;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public FakeKpiReader Reader { get; }

    public IServiceProvider Services => _app.Services;

    public ScorecardFeed Feed => Services.GetRequiredService<ScorecardFeed>();

    public static async Task<RunningDashboard> StartAsync(
        Scorecard? scorecard = null, string[]? settings = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        var data = Directory.CreateTempSubdirectory("dashboard-tests-");
        var reader = new FakeKpiReader();
        var app = DashboardApp.Build(
            ["--Dashboard:Port=0", $"--Dashboard:DataPath={data.FullName}", $"--History:Path={Path.Combine(data.FullName, "history.db")}", .. settings ?? []],
            builder =>
            {
                RemoveCollection(builder.Services);
                builder.Services.Replace(ServiceDescriptor.Singleton(SampleScorecard.Catalog));
                builder.Services.Replace(ServiceDescriptor.Singleton<IKpiReader>(reader));
                builder.Services.RemoveAll<ISourceProbe>();
                builder.Services.Replace(ServiceDescriptor.Singleton(TextWriter.Null));
                services?.Invoke(builder.Services);
            });
        map?.Invoke(app);
        if (scorecard is not null)
            app.Services.GetRequiredService<ScorecardFeed>().Publish(scorecard);
        await app.StartAsync();
        return new RunningDashboard(app, data, reader);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private static void RemoveCollection(IServiceCollection services)
    {
        foreach (var service in services.Where(s => s.ServiceType == typeof(IHostedService) && IsCollection(s)).ToList())
            services.Remove(service);
    }

    private static bool IsCollection(ServiceDescriptor service) =>
        !service.IsKeyedService
        && (service.ImplementationType?.Assembly == typeof(Scorecard).Assembly || service.ImplementationFactory?.Method.Module.Assembly == typeof(Scorecard).Assembly);
}
