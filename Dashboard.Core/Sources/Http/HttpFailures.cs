using System.Net.Http.Headers;
using System.Net.Sockets;
using Dashboard.Core.Kpis;

namespace Dashboard.Core.Sources.Http;

/// <summary>Words for what goes wrong with a source that is asked over HTTP: what happened, where, and which setting to look at. Never a secret.</summary>
internal sealed class HttpFailures(SourceKind source, string address, HttpSourceOptions options, HttpCredentials credentials)
{
    private const int LongestReason = 240;
    private const int LongestExcerpt = 60;

    private readonly string _title = source.Title();
    private SourceFailure? _lastAilment;

    private string Setting(string name) => $"Sources:{source}:{name}";

    public SourceException Unreachable(HttpRequestException problem)
    {
        var host = new Uri(address).Host;
        return problem.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Failure(FailureKind.Unreachable, $"The host of {_title}, {host}, is not known.",
                $"Check {Setting("Url")} and the name service.", problem),
            HttpRequestError.SecureConnectionError => Failure(FailureKind.Unreachable, $"No secure connection to {_title} at {address} could be made.",
                $"Check that it speaks https there, that its certificate is for {host}, and that this machine trusts the issuer.", problem),
            HttpRequestError.InvalidResponse => Failure(FailureKind.NotUnderstood, $"What answers at {address} does not speak HTTP as {_title} would.",
                $"Check the host and port in {Setting("Url")}.", problem),
            HttpRequestError.ConfigurationLimitExceeded => Failure(FailureKind.TooLarge, $"The headers of {_title}'s answer were too long and were not read.",
                $"Check that {Setting("Url")} leads to {_title} itself.", problem),
            HttpRequestError.ResponseEnded => ClosedWithoutAnswer(problem),
            _ when InnerMost(problem) is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } => ClosedWithoutAnswer(problem),
            _ when InnerMost(problem) is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                Failure(FailureKind.Unreachable, $"{_title} refused the connection at {address}.", $"Check that it runs and that {Setting("Url")} is right.", problem),
            _ => Failure(FailureKind.Unreachable, $"{_title} cannot be reached at {address}.",
                $"Check that it runs, that the network leads there, and that {Setting("Url")} is right.", problem),
        };
    }

    public SourceException BrokenOff(Exception problem) => Failure(FailureKind.NotUnderstood, $"{_title} broke its answer off before the end.",
        "If it stays so, look at its log and at proxies on the way.", problem);

    public SourceException TimedOut(Exception? problem = null) => TimedOut($"{_title} did not answer within {Seconds(options.Timeout)}.", problem);

    public SourceException TimedOut(string message, Exception? problem = null) =>
        Failure(FailureKind.TimedOut, message, $"Look at its load. If it needs longer, raise {Setting("Timeout")}.", problem);

    public SourceException Busy(Exception problem) => Failure(FailureKind.Resting, $"Too many questions to {_title} are waiting for an answer.",
        $"Look at its load, or raise {Setting("MaxConcurrency")}.", problem);

    public SourceException Resting(Exception problem)
    {
        var last = Volatile.Read(ref _lastAilment);
        return Failure(FailureKind.Resting, $"{_title} failed several times in a row and is left alone for {Seconds(options.Rest)}. {last?.Message}".TrimEnd(),
            last?.Hint ?? "It is asked again by itself.", problem);
    }

    public SourceException TooManyRequests(string? reason) => Failure(FailureKind.Resting, Because($"{_title} asks to be asked less often (429)", reason),
        "It is asked again by itself. If it stays so, raise the intervals of the KPIs or its limits.");

    public SourceException Unauthorized(HttpAnswer answer) => Failure(
        FailureKind.Unauthorized,
        (int)answer.Status is 401
            ? $"{_title} does not accept {(credentials.Any ? "the dashboard's credentials" : "questions without credentials")} (401)."
            : $"{_title} does not allow the dashboard to ask this (403).",
        credentials.Any
            ? $"Check the user, password or token under Sources:{source}, and what they are allowed to read."
            : $"Set {Setting("Username")} and {Setting("PasswordFile")}, or {Setting("BearerTokenFile")}.");

    public SourceException SecretMissing(SecretFileException problem) => Failure(FailureKind.Unauthorized,
        $"The file named by {Setting(problem.Setting)} {problem.Problem}.", "Check the path, the mount, and that the dashboard may read it.", problem);

    public SourceException TooLarge(Exception problem) => Failure(FailureKind.TooLarge,
        $"{_title}'s answer was longer than {options.MaxResponseMegabytes} MB and was not read to its end.",
        $"Ask for less, or raise {Setting("MaxResponseMegabytes")}.", problem);

    public SourceException Redirected(Uri? location)
    {
        var target = location is null ? "somewhere else" : location.IsAbsoluteUri ? location.GetLeftPart(UriPartial.Authority) : "another path";
        return Failure(FailureKind.NotUnderstood, $"{_title} at {address} sends the dashboard to {OutsideText.Clean(target, 100)}, which it does not follow.",
            $"Set {Setting("Url")} to the final address; a redirect to a login page means that credentials are missing.");
    }

    public SourceException NotUnderstood(HttpAnswer answer, string? expected = null)
    {
        var came = answer.Body.IsEmpty ? "an empty body"
            : answer.LooksLikeHtml ? $"an HTML page ({MediaType(answer)}): \"{Excerpt(answer)}\""
            : $"{MediaType(answer)}: \"{Excerpt(answer)}\"";
        return Failure(FailureKind.NotUnderstood, $"{_title} answered {answer.StatusText} with something else than {expected ?? "the JSON of its interface"}: {came}.",
            $"Check that {Setting("Url")} leads to {_title}'s interface, with its path prefix if it has one, and not to a login page or a proxy.");
    }

    public SourceException Refused(string reason, string? hint = null) =>
        Failure(FailureKind.Refused, Because($"{_title} refused the query", reason), hint ?? "Correct the query of the KPI.");

    public SourceException Failed(HttpAnswer answer, string? reason) =>
        Failure(FailureKind.Failed, Because($"{_title} failed with {answer.StatusText}", reason ?? (answer.LooksLikeHtml ? null : Excerpt(answer))), "Look at its log.");

    /// <summary>What came, cleaned and cut, so that it can stand in a sentence.</summary>
    public string Excerpt(HttpAnswer answer) => credentials.Secrets.Hide(OutsideText.Clean(answer.Body.Span, LongestExcerpt));

    private string Because(string what, string? reason)
    {
        var clean = reason is null ? "" : credentials.Secrets.Hide(OutsideText.Clean(reason, LongestReason));
        return clean.Length == 0 ? what + "." : OutsideText.Sentence($"{what}: {clean}");
    }

    private SourceException ClosedWithoutAnswer(Exception problem) => Failure(FailureKind.Unreachable, $"{_title} closed the connection at {address} without an answer.",
        $"Look at its log, and check the scheme and port in {Setting("Url")}.", problem);

    private SourceException Failure(FailureKind kind, string message, string hint, Exception? inner = null)
    {
        var failure = new SourceFailure(source, kind, message, hint);
        if (kind is FailureKind.Unreachable or FailureKind.TimedOut or FailureKind.Failed)
            Volatile.Write(ref _lastAilment, failure);
        return new SourceException(failure, inner);
    }

    private static string MediaType(HttpAnswer answer) =>
        MediaTypeHeaderValue.TryParse(answer.ContentType, out var type) && type.MediaType is { } media ? OutsideText.Clean(media, 40) : "no content type";

    private static string Seconds(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static Exception InnerMost(Exception problem)
    {
        while (problem.InnerException is { } inner)
            problem = inner;
        return problem;
    }
}
