using System.Net;
using Dashboard.Core.Kpis;
using Dashboard.Core.Sources;
using Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Sources;

/// <summary>Every fault, at every source that is asked over HTTP: the right kind, words that help, no secret, and recovery by the same client.</summary>
public sealed class HttpFaultTests
{
    private const string Password = "correct-horse-battery";

    private static readonly Dictionary<string, (Fault? Fault, FailureKind Kind, string Says)> All = new(StringComparer.Ordinal)
    {
        ["a refused connection"] = (null, FailureKind.Unreachable, "refused the connection at http://127.0.0.1:"),
        ["a hanging server"] = (Faults.Hang, FailureKind.TimedOut, "did not answer within"),
        ["a slow drip"] = (Faults.SlowDrip, FailureKind.TimedOut, "did not answer within"),
        ["a reset"] = (Faults.Reset, FailureKind.Unreachable, "closed the connection"),
        ["a close without an answer"] = (Faults.CloseWithoutAnswer, FailureKind.Unreachable, "closed the connection"),
        ["something that is not HTTP"] = (Faults.NotHttp, FailureKind.NotUnderstood, "does not speak HTTP"),
        ["a 401"] = (Faults.Status(HttpStatusCode.Unauthorized, "no"), FailureKind.Unauthorized, "does not accept the dashboard's credentials (401)"),
        ["a 403"] = (Faults.Status(HttpStatusCode.Forbidden, "no"), FailureKind.Unauthorized, "(403)"),
        ["a 500"] = (Faults.Status(HttpStatusCode.InternalServerError, $"disk full, said {Password}", "text/plain"), FailureKind.Failed, "disk full, said •••"),
        ["a 502 page"] = (Faults.Html(HttpStatusCode.BadGateway), FailureKind.Failed, "502"),
        ["a 429"] = (Faults.Status(HttpStatusCode.TooManyRequests, "", headers: "Retry-After: 3600\r\n"), FailureKind.Resting, "less often (429)"),
        ["a redirect to another host"] = (Faults.Status(HttpStatusCode.Found, "", headers: "Location: https://login.example.com/?from=x\r\n"), FailureKind.NotUnderstood,
            "sends the dashboard to https://login.example.com,"),
        ["an HTML page"] = (Faults.Html(), FailureKind.NotUnderstood, "an HTML page (text/html): \"<!DOCTYPE html> <html><head><title>Sign in</title>"),
        ["an empty body"] = (Faults.Json(""), FailureKind.NotUnderstood, "an empty body"),
        ["JSON of another shape"] = (Faults.Json("""[{"hello":"world"}]"""), FailureKind.NotUnderstood, """[{"hello":"world"}]"""),
        ["a JSON null"] = (Faults.Json("null"), FailureKind.NotUnderstood, "null"),
        ["control characters"] = (Faults.Json("\u001b[31mred\u0000\u202e"), FailureKind.NotUnderstood, "\"[31mred\""),
        ["cut-off JSON"] = (Faults.Json("""{"status":"success","data":{"resultType":"vector","result":[{"met"""), FailureKind.NotUnderstood, "something else than"),
        ["a body shorter than promised"] = (Faults.WrongLength("""{"status":"success",""", 4000), FailureKind.NotUnderstood, "broke its answer off"),
        ["a body longer than promised"] = (Faults.WrongLength("""{"status":"success","data":{"resultType":"vector","result":[]}}""", 20), FailureKind.NotUnderstood, "something else than"),
        ["compression that is none"] = (Faults.Status(HttpStatusCode.OK, "not gzip at all", headers: "Content-Encoding: gzip\r\n"), FailureKind.NotUnderstood, "broke its answer off"),
        ["200 MB"] = (Faults.Flood, FailureKind.TooLarge, "longer than 1 MB"),
        ["a decompression bomb"] = (Faults.Bomb, FailureKind.TooLarge, "longer than 1 MB"),
    };

    public static TheoryData<SourceKind, string> EveryFault()
    {
        var cases = new TheoryData<SourceKind, string>();
        foreach (var source in HttpSourceUnderTest.All.Keys)
        {
            foreach (var fault in All.Keys)
                cases.Add(source, fault);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task A_fault_is_told_for_what_it_is_and_is_over_when_it_is_over(SourceKind source, string name)
    {
        var (fault, kind, says) = All[name];
        var under = HttpSourceUnderTest.All[source];
        await using var server = new FaultServer(fault ?? Faults.Hang);
        await using var sources = under.Compose(server, kind is FailureKind.TimedOut ? "00:00:00.150" : "00:00:10", ("Username", "dashboard"), ("Password", Password));
        if (fault is null)
            await server.CloseAsync();

        var problem = await Assert.ThrowsAsync<SourceException>(() => under.Ask(sources));

        Assert.Equal(source, problem.Failure.Source);
        Assert.Equal(kind, problem.Failure.Kind);
        Assert.Contains(says, problem.Failure.Message, StringComparison.Ordinal);
        Assert.Contains(source.Title(), problem.Failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Failure.Hint);
        Assert.DoesNotContain(Password, problem.ToString() + problem.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain(problem.Failure.Message, char.IsControl);
        Assert.True(server.BytesSent < 20_000_000, $"{server.BytesSent} bytes of it were taken.");

        server.Reply = under.Good;
        if (fault is null)
            server.Reopen();
        if (kind is not FailureKind.TimedOut)
        {
            await under.Ask(sources);
            return;
        }

        await using var patient = under.Compose(server, "00:00:10");
        await under.Ask(patient);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_hanging_source_recovers_without_a_new_client(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        await using var server = new FaultServer(Faults.Hang);
        await using var sources = under.Compose(server, "00:00:02");

        var problem = await Assert.ThrowsAsync<SourceException>(() => under.Ask(sources));
        server.Reply = under.Good;
        await under.Ask(sources);

        Assert.Equal(FailureKind.TimedOut, problem.Failure.Kind);
        Assert.Equal("did not answer within 2 s", problem.Failure.Message[^26..^1]);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_source_that_keeps_failing_is_left_alone_for_a_while_and_asked_again(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        await using var server = new FaultServer(Faults.Status(HttpStatusCode.InternalServerError, "disk full", "text/plain"));
        await using var sources = under.Compose(server, "00:00:10", ("Rest", "00:00:00.500"));

        SourceFailure failure;
        do
            failure = (await Assert.ThrowsAsync<SourceException>(() => under.Ask(sources))).Failure;
        while (failure.Kind is FailureKind.Failed);
        var asked = server.Requests.Count;
        await Assert.ThrowsAsync<SourceException>(() => under.Ask(sources));

        Assert.Equal(FailureKind.Resting, failure.Kind);
        Assert.Contains("is left alone for 0.5 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("disk full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(asked, server.Requests.Count);

        server.Reply = under.Good;
        var answered = false;
        for (var tries = 0; !answered && tries < 200; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            answered = await under.Ask(sources).ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default);
        }

        Assert.True(answered, "It was not asked again.");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_caller_who_gives_up_is_not_a_fault_of_the_source(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        await using var server = new FaultServer(Faults.Hang);
        await using var sources = under.Compose(server, "00:00:10");
        using var givingUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => under.Ask(sources, givingUp.Token));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_single_broken_connection_is_not_noticed(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        var broken = 0;
        await using var server = new FaultServer(Faults.ByRequest(_ => Interlocked.Increment(ref broken) == 1 ? Faults.Reset : under.Good));
        await using var sources = under.Compose(server, "00:00:10");

        await under.Ask(sources);

        Assert.True(broken > 1);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task The_servers_clock_is_told(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        var skewed = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero);
        await using var server = new FaultServer(under.GoodAt(skewed));
        await using var sources = under.Compose(server, "00:00:10");

        Assert.Equal(skewed, await under.Ask(sources));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_password_in_the_address_is_used_and_not_shown(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        await using var server = new FaultServer(under.Good);
        await using var sources = under.Compose(server, "00:00:10", ("Url", $"http://ann:p%40ss-word@127.0.0.1:{server.Port}/"));

        await under.Ask(sources);

        Assert.Equal("Basic " + Convert.ToBase64String("ann:p@ss-word"u8), server.Requests.First().Headers["Authorization"]);
        Assert.Equal(server.Url, sources.GetServices<ISourceProbe>().Single(s => s.Source == source).Address);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_token_file_is_read_again_when_it_changes(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        var file = Path.GetTempFileName();
        try
        {
            await using var server = new FaultServer(under.Good);
            await using var sources = under.Compose(server, "00:00:10", ("BearerTokenFile", file));

            await File.WriteAllTextAsync(file, "first-token\n");
            await under.Ask(sources);
            await File.WriteAllTextAsync(file, "second-token\n");
            await under.Ask(sources);

            Assert.Equal("Bearer first-token", server.Requests.First().Headers["Authorization"]);
            Assert.Equal("Bearer second-token", server.Requests.Last().Headers["Authorization"]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_missing_password_file_is_named_by_its_setting(SourceKind source)
    {
        var under = HttpSourceUnderTest.All[source];
        await using var server = new FaultServer(under.Good);
        await using var sources = under.Compose(server, "00:00:10", ("Username", "dashboard"), ("PasswordFile", "no/such/file"));

        var problem = await Assert.ThrowsAsync<SourceException>(() => under.Ask(sources));

        Assert.Equal(FailureKind.Unauthorized, problem.Failure.Kind);
        Assert.Equal($"The file named by Sources:{source}:PasswordFile does not exist.", problem.Failure.Message);
    }

    public static TheoryData<SourceKind> Sources() => [.. HttpSourceUnderTest.All.Keys];
}
