using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dashboard.Tests.Support;

/// <summary>
/// A server on a free port of this machine that does to its clients, over real connections, whatever <see cref="Reply"/> says: answer, hang, flood, break off.
/// Each connection carries one request.
/// </summary>
public sealed class FaultServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private TcpListener _listener;
    private long _bytesSent;
    private Task _accepting;

    public FaultServer(Fault reply)
    {
        Reply = reply;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>What happens to the next requests.</summary>
    public Fault Reply { get; set; }

    public ConcurrentQueue<FaultRequest> Requests { get; } = [];

    /// <summary>Bytes of bodies that clients took, as far as the kernel did.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>From now on connections are refused.</summary>
    public async Task CloseAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    /// <summary>Listens again on the same port.</summary>
    public void Reopen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await CloseAsync();
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    internal void Sent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                var connection = ServeAsync(client);
                _connections[connection] = true;
                _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                if (await ReadAsync(stream) is not { } request)
                    return;

                Requests.Enqueue(request);
                await Reply(request, new FaultConnection(this, client, stream), _stop.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }

    private async Task<FaultRequest?> ReadAsync(NetworkStream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var lines = text[..end].Split("\r\n");
                var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => l[1], StringComparer.OrdinalIgnoreCase);
                var length = headers.TryGetValue("Content-Length", out var declared) ? int.Parse(declared) : 0;
                if (received.Count - end - 4 >= length)
                {
                    var first = lines[0].Split(' ');
                    return new FaultRequest(first[0], first[1], headers, text.Substring(end + 4, length));
                }
            }

            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
                return null;
            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}

/// <summary>What the server does with a request.</summary>
public delegate Task Fault(FaultRequest request, FaultConnection connection, CancellationToken cancellation);

/// <param name="Method">GET, POST.</param>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="Headers">By name, any case.</param>
/// <param name="Body">As text.</param>
public sealed record FaultRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Target.Split('?')[0];

    /// <summary>The parameters of the query and of a form.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; } = $"{Target.Split('?', 2).ElementAtOrDefault(1)}&{Body}"
        .Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
        .DistinctBy(p => p[0]).ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[1]), StringComparer.Ordinal);
}

/// <summary>The connection a request came over.</summary>
public sealed class FaultConnection(FaultServer server, TcpClient client, NetworkStream stream)
{
    public Task SendAsync(string text, CancellationToken cancellation) => SendAsync(Encoding.UTF8.GetBytes(text), cancellation);

    public async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        await stream.WriteAsync(bytes, cancellation);
        server.Sent(bytes.Length);
    }

    /// <summary>Ends with a reset instead of an orderly close.</summary>
    public void Reset()
    {
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Client.Close();
    }
}
