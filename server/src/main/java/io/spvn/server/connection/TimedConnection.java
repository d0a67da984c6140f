package io.spvn.server.connection;

/// An open connection as the registry sees it.
public interface TimedConnection {
    /// Looks at the connection's deadlines. Called from the registry's thread every
    /// [Registry#TICK]; must not block.
    ///
    /// @param now the registry's clock
    void tick(long now);

    /// Ends the connection now, whatever it has in hand. Called from the registry's thread, perhaps
    /// more than once; must not block.
    void abort();
}
