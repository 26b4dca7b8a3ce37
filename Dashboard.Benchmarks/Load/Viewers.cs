using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dashboard.Benchmarks.Load;

/// <summary>Event-stream viewers as cheap as a viewer can be: a socket each that reads and counts.</summary>
internal sealed class Viewers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _readers = [];
    private long _bytes;
    private long _reads;

    /// <summary>Bytes received by all viewers together, headers of the first answer included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Non-empty reads of all viewers together.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public int Count => _sockets.Count(s => s.Connected);

    public static async Task<Viewers> ConnectAsync(int count, int port, string path, string acceptEncoding)
    {
        var viewers = new Viewers();
        var request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\nAccept-Encoding: {acceptEncoding}\r\n\r\n");
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(request);
            viewers._sockets.Add(socket);
            viewers._readers.Add(viewers.ReadAsync(socket));
        }

        return viewers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var socket in _sockets)
            socket.Dispose();
        await Task.WhenAll(_readers);
        _stop.Dispose();
    }

    private async Task ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
            {
                Interlocked.Add(ref _bytes, read);
                Interlocked.Increment(ref _reads);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The viewer went away.
        }
    }
}
