using System.Net;
using System.Net.Sockets;

namespace Dashboard.Sandbox.Servers;

/// <summary>Ports on the loopback address.</summary>
public static class LoopbackPort
{
    // Below the range from which the kernel takes the ports of outgoing connections, so that none of those comes in between.
    private const int First = 20000;
    private const int Last = 32000;

    private static readonly HashSet<int> Given = [];

    /// <summary>The port itself, or a free one where it is 0.</summary>
    public static int OrFree(int port) => port == 0 ? Free() : port;

    /// <summary>The port itself if nothing uses it, else a free one.</summary>
    public static int Prefer(int port) => IsFree(port) ? port : Free();

    /// <summary>A port that nothing uses, and that this process has not been given before.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            lock (Given)
            {
                if (IsFree(port) && Given.Add(port))
                    return port;
            }
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
