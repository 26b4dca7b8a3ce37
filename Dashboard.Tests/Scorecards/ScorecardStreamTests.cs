using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Dashboard.Core.Collection;
using Dashboard.Tests.Support;
using Dashboard.Web.Scorecards;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Dashboard.Tests.Scorecards;

public sealed class ScorecardStreamTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ScorecardStream _stream;

    public ScorecardStreamTests() =>
        _stream = new ScorecardStream(new FakeTimeProvider(SampleScorecard.At), _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

    public void Dispose()
    {
        _stream.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_new_viewer_is_greeted_and_sent_everything()
    {
        Publish(1);

        await using var viewer = new Viewer(_stream, "identity");

        Assert.Equal("hello", (await viewer.NextAsync()).Name);
        var full = await viewer.NextAsync();
        Assert.Equal("full", full.Name);
        Assert.Equal(16, full.Data.GetProperty("k").EnumerateObject().Count());
        Assert.Equal(65, full.Data.GetProperty("k").GetProperty("response-time-p95").GetProperty("l").GetString()!.Length);
    }

    [Fact]
    public async Task A_viewer_that_has_the_snapshot_is_sent_only_what_changes()
    {
        Publish(1);
        await using var viewer = new Viewer(_stream, "identity", $"?since={_stream.Epoch}-1");
        Assert.Equal("hello", (await viewer.NextAsync()).Name);

        Publish(2);

        var tick = await viewer.NextAsync();
        Assert.Equal(("tick", 2), (tick.Name, tick.Data.GetProperty("n").GetInt32()));
        var patch = tick.Data.GetProperty("k").GetProperty("response-time-avg");
        Assert.True(patch.TryGetProperty("v", out _));
        Assert.False(patch.TryGetProperty("s", out _)); // the status did not change
    }

    [Fact]
    public async Task A_viewer_of_an_earlier_run_of_the_server_is_sent_everything()
    {
        Publish(1);
        await using var viewer = new Viewer(_stream, "identity", "?since=abc-1");

        Assert.Equal("hello", (await viewer.NextAsync()).Name);
        Assert.Equal("full", (await viewer.NextAsync()).Name);
    }

    [Fact]
    public async Task An_event_is_serialized_once_however_many_watch()
    {
        Publish(1);
        var viewers = Enumerable.Range(0, 50).Select(_ => new Viewer(_stream, "gzip", $"?since={_stream.Epoch}-1")).ToArray();
        foreach (var viewer in viewers)
            await viewer.NextAsync();
        var before = _stream.Serializations;

        Publish(2);
        foreach (var viewer in viewers)
            Assert.Equal("tick", (await viewer.NextAsync()).Name);

        Assert.Equal((50, before + 1), (_stream.Viewers, _stream.Serializations));
        foreach (var viewer in viewers)
            await viewer.DisposeAsync();
        Assert.Equal(0, _stream.Viewers);
    }

    [Fact]
    public async Task Shared_compressed_events_form_one_gzip_stream_for_each_viewer()
    {
        Publish(1);
        await using var early = new Viewer(_stream, "gzip, br");
        Publish(2);
        await using var late = new Viewer(_stream, "gzip, br", $"?since={_stream.Epoch}-1");
        Publish(3);

        Assert.Equal(3, await LastOfAsync(early, 3));
        Assert.Equal(3, await LastOfAsync(late, 3));
    }

    [Fact]
    public void A_busy_tick_is_less_than_a_kilobyte_for_a_viewer()
    {
        Publish(1);
        var sizes = new List<int>();
        for (var sequence = 2; sequence < 40; sequence++)
        {
            Publish(sequence);
            sizes.Add(_stream.EventBytes);
        }

        Assert.True(sizes.Average() < 1000 && sizes.Max() < 1024, string.Join(' ', sizes));
    }

    [Fact]
    public void A_tick_in_which_only_time_passed_is_a_few_bytes()
    {
        var first = BusyScorecard.Create(1, SampleScorecard.At);
        Publish(first);

        Publish(first with
        {
            Sequence = 2,
            At = first.At.AddSeconds(5),
            Kpis = [.. first.Kpis.Select(k => k with { Reading = k.Reading! with { MeasuredAt = k.Reading.MeasuredAt.AddSeconds(5) } })],
        });

        Assert.InRange(_stream.EventBytes, 1, 160);
    }

    [Fact]
    public async Task A_viewer_that_does_not_read_is_sent_the_newest_state_and_no_backlog()
    {
        Publish(1);
        await using var viewer = new Viewer(_stream, "identity", pauseAfter: 1);
        await viewer.NextAsync();
        for (var sequence = 2; sequence < 60; sequence++)
            Publish(sequence);

        viewer.Resume();

        var events = new List<int>();
        while (events is not [.., 59])
        {
            var next = await viewer.NextAsync();
            if (next.Name is "tick" or "full")
                events.Add(next.Data.GetProperty("n").GetInt32());
        }

        Assert.True(events.Count <= 3, string.Join(' ', events));
    }

    [Fact]
    public async Task Other_targets_are_another_page()
    {
        Publish(1);
        await using var viewer = new Viewer(_stream, "identity", $"?since={_stream.Epoch}-1");
        var shape = (await viewer.NextAsync()).Data.GetProperty("f").GetString();
        var changed = BusyScorecard.Create(2, SampleScorecard.At);
        Publish(changed with { Kpis = changed.Kpis.SetItem(0, changed.Kpis[0] with { Definition = changed.Kpis[0].Definition with { Name = "Mean" } }) });

        Assert.Equal("full", (await viewer.NextAsync()).Name);
        await using var next = new Viewer(_stream, "identity");
        Assert.NotEqual(shape, (await next.NextAsync()).Data.GetProperty("f").GetString());
    }

    [Fact]
    public async Task Closing_ends_every_stream_and_refuses_new_ones()
    {
        Publish(1);
        await using var viewer = new Viewer(_stream, "identity");
        await viewer.NextAsync();

        _stream.Close();

        await viewer.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await using var late = new Viewer(_stream, "identity");
        await late.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(503, late.Status);
    }

    private static async Task<int> LastOfAsync(Viewer viewer, int wanted)
    {
        while (true)
        {
            var next = await viewer.NextAsync();
            if (next.Data.TryGetProperty("n", out var n) && n.GetInt32() == wanted && next.Name != "hello")
                return wanted;
        }
    }

    private void Publish(long sequence) => Publish(BusyScorecard.Create(sequence, SampleScorecard.At));

    private void Publish(Scorecard scorecard) => _stream.Publish(ScorecardView.Of(scorecard, BusyScorecard.Catalog), "<h1>A headline</h1>");

    private sealed record Event(string Name, JsonElement Data);

    /// <summary>A browser that reads the stream, one event at a time.</summary>
    private sealed class Viewer : IAsyncDisposable
    {
        private readonly Pipe _pipe;
        private readonly DefaultHttpContext _context = new();
        private readonly CancellationTokenSource _left = new();
        private readonly StreamReader _reader;

        public Viewer(ScorecardStream stream, string accepts, string query = "", int pauseAfter = 0)
        {
            // A paused viewer's connection takes little more than it was paused after.
            _pipe = new Pipe(pauseAfter > 0 ? new PipeOptions(pauseWriterThreshold: pauseAfter, resumeWriterThreshold: 1) : PipeOptions.Default);
            _context.Features.Set<IHttpResponseBodyFeature>(new PipeBody(_pipe.Writer));
            _context.Request.Method = "GET";
            _context.Request.QueryString = new QueryString(query);
            _context.Request.Headers.AcceptEncoding = accepts;
            _context.RequestAborted = _left.Token;
            Ended = RunAsync(stream);
            var body = _pipe.Reader.AsStream();
            _reader = new StreamReader(accepts == "identity" ? body : new GZipStream(body, CompressionMode.Decompress), Encoding.UTF8);
        }

        public Task Ended { get; }

        public int Status => _context.Response.StatusCode;

        public async Task<Event> NextAsync()
        {
            var (name, data) = ("", "");
            while (true)
            {
                var line = await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
                Assert.NotNull(line);
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line[6..];
                else if (line.Length == 0 && data.Length > 0)
                    return new Event(name, JsonDocument.Parse(data).RootElement);
            }
        }

        /// <summary>Nothing to do but read: the pipe held the writer up by itself.</summary>
        public void Resume() => Assert.False(Ended.IsCompleted);

        public async ValueTask DisposeAsync()
        {
            await _left.CancelAsync();
            await _pipe.Reader.CompleteAsync();
            if (!Ended.IsCompleted)
                _wake?.Invoke();
            await Ended.WaitAsync(TimeSpan.FromSeconds(20));
            _left.Dispose();
        }

        private Action? _wake;

        private async Task RunAsync(ScorecardStream stream)
        {
            _wake = stream.Beat;
            await stream.WriteAsync(_context);
            await _pipe.Writer.CompleteAsync();
        }
    }

    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
