package io.spvn.server.http2;

/// What the client sends in a stream behind its head, for whom it is. The reader's thread, but
/// where it is said; none of it waits.
sealed interface Incoming permits RequestBody, TunnelInput {
    /// More is to come.
    default void begin() {}

    /// Some of it has come, padding included.
    ///
    /// @param padding bytes of it that are nobody's
    void data(byte[] buffer, int from, int length, int padding) throws Http2Error;

    /// All of it has come.
    void end() throws Http2Error, InterruptedException;

    /// The reader is about to wait for its client.
    default void submit() throws InterruptedException {}

    /// The client sends no more, in any stream.
    void truncated();

    /// Whoever writes: the client may send it.
    default void leaveGiven() {}

    /// Worker: the app has taken so many bytes of it.
    default void consumed(int bytes) {}

    /// Registry.
    default void tick(long now) {}

    /// Any thread: nothing comes any more, and nothing is sent.
    default void closed() {}
}
