using System.ComponentModel.DataAnnotations;
using Dashboard.Core.Settings;
using Dashboard.Core.Sources.Elasticsearch;
using Dashboard.Core.Sources.Jaeger;
using Dashboard.Core.Sources.Postgres;
using Dashboard.Core.Sources.Prometheus;
using Microsoft.Extensions.Configuration;

namespace Dashboard.Core.Sources;

/// <summary>The settings of all sources, read and checked together, so that all that is wrong with them is told at once.</summary>
internal sealed class SourceSettings
{
    private readonly List<string> _problems = [];

    /// <exception cref="SettingsException">Something in them cannot be used.</exception>
    public SourceSettings(IConfiguration configuration)
    {
        Prometheus = Read<PrometheusOptions>(configuration, PrometheusOptions.Section);
        Jaeger = Read<JaegerOptions>(configuration, JaegerOptions.Section);
        Elasticsearch = Read<ElasticsearchOptions>(configuration, ElasticsearchOptions.Section);
        Postgres = Read<PostgresOptions>(configuration, PostgresOptions.Section);
        if (_problems.Count > 0)
            throw new SettingsException([.. _problems]);
    }

    public PrometheusOptions Prometheus { get; }

    public JaegerOptions Jaeger { get; }

    public ElasticsearchOptions Elasticsearch { get; }

    public PostgresOptions Postgres { get; }

    private T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var options = new T();
        try
        {
            configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException problem)
        {
            // The binder names the whole key, and repeats the value; only numbers and times can be of the wrong type, never secrets.
            _problems.Add(problem.Message);
            return options;
        }

        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        _problems.AddRange(results.Select(r => $"{section}:{r.MemberNames.FirstOrDefault() ?? ""} {r.ErrorMessage}."));
        return options;
    }
}
