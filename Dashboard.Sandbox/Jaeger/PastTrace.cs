using Dashboard.Sandbox.Story;

namespace Dashboard.Sandbox.Jaeger;

/// <summary>The spans of one past request, as OpenTelemetry's instrumentation for .NET would have made them.</summary>
internal sealed class PastTrace
{
    private static readonly SpanScope Server = new("Microsoft.AspNetCore", "10.0.0");
    private static readonly SpanScope Client = new("System.Net.Http", "10.0.0");
    private static readonly SpanScope Database = new("Npgsql", "10.0.3");
    private static readonly SpanScope Cache = new("OpenTelemetry.Instrumentation.StackExchangeRedis", "1.12.0");
    private static readonly SpanResource Good = Resource(SandboxStory.GoodVersion);
    private static readonly SpanResource Bad = Resource(SandboxStory.BadVersion);

    private static readonly SpanAttribute[] CacheAttributes =
    [
        new("db.system.name", "redis"), new("db.operation.name", "GET"), new("server.address", "127.0.0.1"), new("server.port", 6379L),
    ];

    private static readonly Dictionary<string, (string Name, SpanAttribute[] Attributes)[]> Statements = new()
    {
        ["GET /api/reconciliations/{id}"] =
        [
            Statement("SELECT reconciliation_runs", "SELECT id, started_at, finished_at, status, internal_count, matched, mismatched, missing FROM reconciliation_runs WHERE id = $1"),
            Statement("SELECT ledger_entries", "SELECT ledger, count(*), sum(amount) FROM ledger_entries WHERE booked_at >= $1 AND booked_at < $2 GROUP BY ledger"),
        ],
        ["GET /api/reconciliations"] =
        [
            Statement("SELECT reconciliation_runs", "SELECT id, started_at, status FROM reconciliation_runs ORDER BY started_at DESC LIMIT $1"),
            Statement("SELECT ledger_entries", "SELECT max(booked_at) FROM ledger_entries WHERE ledger = $1"),
        ],
        ["GET /api/ledgers/{ledger}/entries"] =
            [Statement("SELECT ledger_entries", "SELECT id, reference, amount, currency, booked_at FROM ledger_entries WHERE ledger = $1 ORDER BY booked_at DESC LIMIT $2")],
        ["GET /api/discrepancies"] =
        [
            Statement("SELECT discrepancies", "SELECT id, run_id, reference, kind, internal_amount, partner_amount FROM discrepancies WHERE resolved_at IS NULL ORDER BY found_at DESC LIMIT $1"),
            Statement("SELECT ledger_entries", "SELECT reference, amount, currency FROM ledger_entries WHERE reference = ANY($1)"),
        ],
        ["POST /api/tasks/{id}/complete"] = [Statement("UPDATE tasks", "UPDATE tasks SET status = 'completed', completed_at = $2 WHERE id = $1 AND status = 'open'")],
        ["POST /api/feedback"] = [Statement("INSERT feedback", "INSERT INTO feedback (score, comment, given_at) VALUES ($1, $2, $3)")],
        ["POST /api/reconciliations"] =
        [
            Statement("INSERT reconciliation_runs", "INSERT INTO reconciliation_runs (started_at, status) VALUES ($1, 'running') RETURNING id"),
            Statement("SELECT ledger_entries", "SELECT i.reference, i.amount, p.amount FROM ledger_entries i LEFT JOIN ledger_entries p ON p.reference = i.reference AND p.ledger = 'partner' WHERE i.ledger = 'internal' AND i.booked_at >= $1"),
        ],
    };

    private readonly PastRequest _request;
    private readonly SpanResource _resource;
    private readonly List<Span> _spans = [];
    private readonly long _start;
    private ulong _nextId;

    private PastTrace(PastRequest request)
    {
        _request = request;
        _resource = request.Version is SandboxStory.BadVersion ? Bad : Good;
        _start = (request.At - DateTimeOffset.UnixEpoch).Ticks * 100;
        _nextId = request.SpanId;
    }

    public static IReadOnlyCollection<Span> Of(PastRequest request)
    {
        var trace = new PastTrace(request);
        trace.Build();
        return trace._spans;
    }

    private void Build()
    {
        var failed = _request.Status >= 500;
        _spans.Add(new Span
        {
            TraceId = _request.TraceId,
            SpanId = _request.SpanId,
            Name = $"{_request.Route.Method} {_request.Route.Route}",
            Kind = 2,
            Start = _start,
            End = _start + Nanoseconds(_request.Duration),
            Resource = _resource,
            Scope = Server,
            Attributes =
            [
                new("http.request.method", _request.Route.Method), new("url.scheme", "http"), new("url.path", _request.Path), new("http.route", _request.Route.Route),
                new("http.response.status_code", (long)_request.Status), new("server.address", "127.0.0.1"), new("server.port", 2000L),
                new("network.protocol.version", "1.1"), .. Error(failed),
            ],
            StatusCode = failed ? 2 : 0,
            Events = failed ? [Exception(_start + Nanoseconds(_request.Duration))] : [],
        });

        var at = _start + (Nanoseconds(_request.Duration - _request.DatabaseTime - _request.PartnerTime) / 3);
        if (_request.Route.UsesDatabase && _request.Route.Method is "GET")
            at = Child("GET", Cache, CacheAttributes, at, Nanoseconds(TimeSpan.FromMicroseconds(300 + (_request.User % 400))), failed: false);
        if (_request.Route.UsesDatabase)
            BuildStatements(at, failed && !_request.TimedOut);
        if (_request.Route.UsesPartner)
            BuildPartnerCall(at);
    }

    // The slow statement of the bad version is the one over the ledgers, which comes last.
    private void BuildStatements(long at, bool failed)
    {
        var statements = Statements[$"{_request.Route.Method} {_request.Route.Route}"];
        var left = Nanoseconds(_request.DatabaseTime);
        var quick = statements.Length > 1 ? (long)Math.Min(left * 0.3, _request.Route.TypicalMilliseconds * 200_000) : 0;
        foreach (var (name, attributes) in statements[..^1])
        {
            at = Child(name, Database, attributes, at, quick, failed: false) + 60_000;
            left -= quick;
        }

        Child(statements[^1].Name, Database, failed ? [.. statements[^1].Attributes, .. Error(true)] : statements[^1].Attributes, at, left, failed);
    }

    private void BuildPartnerCall(long at)
    {
        var partner = _request.Path.Split('/')[3];
        SpanAttribute[] attributes =
        [
            new("http.request.method", "GET"), new("server.address", $"{partner}.partners.example"), new("server.port", 443L),
            new("url.full", $"https://{partner}.partners.example/v2/balance"),
        ];
        Child("GET", Client, _request.TimedOut
            ? [.. attributes, new("error.type", RequestHistory.Timeout)]
            : [.. attributes, new("http.response.status_code", 200L), new("network.protocol.version", "1.1")], at, Nanoseconds(_request.PartnerTime), _request.TimedOut);
    }

    /// <returns>When it ended.</returns>
    private long Child(string name, SpanScope scope, SpanAttribute[] attributes, long start, long length, bool failed)
    {
        // Multiplying by an odd number never maps two ids to one.
        _nextId = unchecked((_nextId * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407);
        _spans.Add(new Span
        {
            TraceId = _request.TraceId,
            SpanId = _nextId,
            ParentId = _request.SpanId,
            Name = name,
            Kind = 3,
            Start = start,
            End = start + length,
            Resource = _resource,
            Scope = scope,
            Attributes = attributes,
            StatusCode = failed ? 2 : 0,
            StatusMessage = failed ? _request.ErrorMessage ?? "" : "",
        });
        return start + length;
    }

    private SpanAttribute[] Error(bool failed) => failed && _request.ErrorType is { } type ? [new("error.type", type)] : [];

    private SpanEvent Exception(long at) => new(at, "exception",
        [new("exception.type", _request.TimedOut ? "System.TimeoutException" : _request.ErrorType ?? ""), new("exception.message", _request.ErrorMessage ?? "")]);

    private static long Nanoseconds(TimeSpan span) => span.Ticks * 100;

    private static (string Name, SpanAttribute[] Attributes) Statement(string name, string text) => (name,
    [
        new("db.system.name", "postgresql"), new("db.namespace", "reconciliation"), new("db.operation.name", name.Split(' ')[0]),
        new("db.collection.name", name.Split(' ')[1]), new("db.query.text", text), new("server.address", "127.0.0.1"), new("server.port", 5432L),
    ]);

    private static SpanResource Resource(string version) => new(SandboxStory.Service,
    [
        new("service.name", SandboxStory.Service), new("service.version", version), new("service.instance.id", SandboxStory.Instance),
        new("deployment.environment.name", "sandbox"), new("telemetry.sdk.name", "opentelemetry"), new("telemetry.sdk.language", "dotnet"),
        new("telemetry.sdk.version", "1.20.1"),
    ]);
}
