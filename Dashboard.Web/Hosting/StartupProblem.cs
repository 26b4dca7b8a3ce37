using System.Net.Sockets;
using System.Text.Json;
using Dashboard.Core.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Dashboard.Web.Hosting;

/// <summary>Says why the dashboard did not start, in words that whoever starts it can act on.</summary>
public static class StartupProblem
{
    /// <summary>The reason, or null where it is none that a setting or the machine explains: then it is a defect, which keeps its stack trace.</summary>
    public static string? Explain(Exception exception, string listening) => exception switch
    {
        SettingsException problem => problem.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        InvalidDataException { InnerException: { } inner } data when Innermost(inner) is JsonException or FormatException =>
            $"{data.Message} {Innermost(inner).Message}",
        IOException { InnerException: AddressInUseException } or AddressInUseException =>
            $"{listening} is in use. Stop what listens there, or set DASHBOARD_PORT to a free port.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } or IOException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } =>
            $"Listening at {listening} is not permitted. Set DASHBOARD_PORT to a port above 1023.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable }
            or IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable } } =>
            $"This machine has no address {listening}. Correct Dashboard:Listen.",
        UnauthorizedAccessException denied => denied.Message,
        AggregateException { InnerExceptions: [var only] } => Explain(only, listening),
        { InnerException: SettingsException or OptionsValidationException } => Explain(exception.InnerException, listening),
        _ => null,
    };

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
