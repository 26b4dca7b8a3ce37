using Dashboard.Core.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Support;

/// <summary>The sources as the dashboard composes them, with the given settings ("Prometheus:Url").</summary>
public static class TestSources
{
    public static ServiceProvider With(params IEnumerable<(string Setting, string? Value)> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Sources:{s.Setting}", s.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddSources(configuration).BuildServiceProvider();
    }
}
