using System.Net.Http.Headers;
using System.Text;

namespace Dashboard.Core.Sources.Http;

/// <summary>
/// Who the dashboard is to one source. Files are read with each request: they are a few bytes, and mounted secrets are swapped in ways that time stamps do
/// not tell. Nothing here is ever printed.
/// </summary>
internal sealed class HttpCredentials
{
    private readonly HttpSourceOptions _options;
    private readonly (string Setting, string? Value, string? File)? _apiKey;
    private readonly string? _username;
    private readonly string? _password;

    public HttpCredentials(HttpSourceOptions options, (string Setting, string? Value, string? File)? apiKey = null)
    {
        _options = options;
        _apiKey = apiKey is { Value: null, File: null } ? null : apiKey;
        _username = options.Username;
        _password = options.Password;

        var user = new Uri(options.Url).UserInfo;
        if (_username is null && user.Length > 0)
        {
            var colon = user.IndexOf(':', StringComparison.Ordinal);
            _username = Uri.UnescapeDataString(colon < 0 ? user : user[..colon]);
            _password = colon < 0 ? "" : Uri.UnescapeDataString(user[(colon + 1)..]);
        }
    }

    public bool Any => _username is not null || _options.BearerToken is not null || _options.BearerTokenFile is not null || _apiKey is not null;

    public Secrets Secrets { get; } = new();

    /// <summary>The header for the next request; null without credentials.</summary>
    /// <exception cref="SecretFileException"/>
    public AuthenticationHeaderValue? Header()
    {
        if (_apiKey is { } key)
            return Token("ApiKey", key.Value ?? SecretFile.Read($"{key.Setting}File", key.File!));
        if (_options.BearerToken is not null || _options.BearerTokenFile is not null)
            return Token("Bearer", _options.BearerToken ?? SecretFile.Read(nameof(_options.BearerTokenFile), _options.BearerTokenFile!));
        if (_username is null)
            return null;

        var password = _options.PasswordFile is { } file ? SecretFile.Read(nameof(_options.PasswordFile), file) : _password;
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_username}:{password}"));
        Secrets.Remember(password, basic);
        return new AuthenticationHeaderValue("Basic", basic);
    }

    private AuthenticationHeaderValue Token(string scheme, string token)
    {
        Secrets.Remember(token);
        return new AuthenticationHeaderValue(scheme, token);
    }
}
