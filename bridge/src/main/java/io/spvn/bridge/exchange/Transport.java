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
}
