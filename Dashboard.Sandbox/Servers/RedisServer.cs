using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dashboard.Sandbox.Servers;

/// <param name="DataDirectory">Null takes a temporary one, which is deleted with the server.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record RedisOptions(string? DataDirectory = null, int Port = 0);

/// <summary>Redis as a cache: in memory only, at most 32 MB, the least used goes first.</summary>
public sealed class RedisServer : LocalServer
{
    private RedisServer(RedisOptions options)
        : base("redis", options.Port, options.DataDirectory)
    {
    }

    /// <summary>As its clients take it: "127.0.0.1:6379".</summary>
    public string Address => $"127.0.0.1:{Port}";

    protected override ChildCommand Command => new()
    {
        Name = Name,
        Program = "redis-server",
        Arguments =
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", DataDirectory, "--save", "", "--appendonly", "no",
            "--maxmemory", "32mb", "--maxmemory-policy", "allkeys-lru",
        ],
        WorkingDirectory = DataDirectory,
        LogFile = LogFile,
    };

    /// <exception cref="ServerFailedException">It is not installed or ended by itself.</exception>
    public static Task<RedisServer> StartAsync(RedisOptions options, CancellationToken cancellation) =>
        StartedAsync(new RedisServer(options), prepare: null, cancellation);

    protected override async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer, cancellation);
            return Encoding.ASCII.GetString(answer) == "+PONG\r\n";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }
}
