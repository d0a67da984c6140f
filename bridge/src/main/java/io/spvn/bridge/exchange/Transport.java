package io.spvn.bridge.exchange;

/// The connection (or stream) that an exchange came from.
public interface Transport {
    /// Writes what `exchange` has ready. Called on a virtual thread: a responder's, a reader's, or
    /// one of its own; blocks while the client does not read. Calls may overlap: then one of them
    /// does the work of all.
    void write(Exchange exchange);

    /// Writes what `exchange` has ready, on any thread, unless it might have to wait for the client
    /// or for another writer, or has to work for long.
    ///
    /// @return false when it might, so that nothing was done
    default boolean writeAtOnce(Exchange exchange) {
        return false;
    }

    /// `exchange` has something to write, and [#write] is about to be called for it; who writes on
    /// the same connection before that may take it along. Any thread; must not block.
    default void announce(Exchange exchange) {}

    /// The app has taken so many bytes of the body of `exchange`, so that its client may send more.
    /// The worker's thread; must not block.
    default void consumed(HttpExchange exchange, int bytes) {}
}
