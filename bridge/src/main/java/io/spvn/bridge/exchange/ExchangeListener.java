package io.spvn.bridge.exchange;

/// Told what becomes of requests, as it happens; metrics hook in here.
///
/// Called by any thread in the middle of its work: implementations must not block, and what they
/// throw is a defect.
public interface ExchangeListener {
    /// Listens to nothing.
    ExchangeListener NONE = new ExchangeListener() {};

    /// A worker has taken a request, which waited so long for it.
    default void started(long waitedNanos) {}

    /// A response has been written to its end.
    ///
    /// @param method of the request, in upper case
    /// @param version of HTTP, as ASGI writes it
    /// @param nanos since the request's head was complete
    default void responded(String method, String version, int status, long nanos) {}

    /// Whether it wants to hear of the end of each request by [#ended], which nobody prepares for
    /// others.
    default boolean wantsEnds() {
        return false;
    }

    /// Whether it wants to hear, with the end of a request, of the moments of its life.
    default boolean wantsMoments() {
        return false;
    }

    /// A request is over, however it has ended: answered, refused, broken off. Each is told once, a
    /// WebSocket at its own end.
    default void ended(Access access) {}

    /// The server has answered in the app's stead, or has broken a connection off.
    default void refused(Rejected reason) {}

    /// A client has begun a stream on a connection that has many.
    default void streamOpened() {}

    /// A stream is over.
    default void streamClosed() {}

    /// A client has got its WebSocket.
    default void webSocketOpened() {}

    /// A client's WebSocket is over.
    ///
    /// @param code of the close, 1006 when there was none
    default void webSocketClosed(int code) {}

    /// A client has sent a message.
    default void messageReceived() {}

    /// A message has been written to its client.
    default void messageSent() {}
}
