using System.Security.Cryptography;

namespace Dashboard.Sandbox.Servers;

/// <summary>Passwords that are made once and kept in a file that only its owner can read.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The secret in the file; a new random one (192 bits, letters and digits) where there is no file yet.</summary>
    public static async Task<string> ReadOrCreateAsync(string path, CancellationToken cancellation)
    {
        if (File.Exists(path))
            return (await File.ReadAllTextAsync(path, cancellation)).Trim();
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await WriteAsync(path, secret, cancellation);
        return secret;
    }

    /// <summary>Writes a file that is never readable by others, not even for a moment.</summary>
    public static async Task WriteAsync(string path, string content, CancellationToken cancellation)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync(content.AsMemory(), cancellation);
    }
}
