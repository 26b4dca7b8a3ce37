namespace Dashboard.Sandbox.Reconciliation;

/// <summary>Turns what the code logs into documents.</summary>
internal sealed class EcsLoggerProvider(LogSender sender, TimeProvider clock) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new EcsLogger(categoryName, sender, clock);

    public void Dispose()
    {
        // The sender belongs to the host.
    }

    private sealed class EcsLogger(string category, LogSender sender, TimeProvider clock) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && sender.Enabled;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                sender.Send(EcsDocument.Application(clock.GetUtcNow(), logLevel, category, formatter(state, exception), exception));
        }
    }
}
