package io.spvn.server.connection;

/// An open connection as the registry sees it.
interface TimedConnection {
    /// Looks at the connection's deadlines. Called from the registry's thread every
    /// [Registry#TICK]; must not block.
    ///
    /// @param now the registry's clock
    void tick(long now);

    /// The time to stop is up: ends the connection, whatever it has in hand. Called from the
    /// registry's thread, perhaps again and again; must not block.
    void timeIsUp();
}
