package io.spvn.server.websocket;

/// What a client says on a WebSocket, in the order in which it said it. Arrays belong to who gets
/// them; what the data of a message weighs ([io.spvn.bridge.exchange.Ledger#weight]) is entered in
/// the ledger, and is to be given back by who has got it.
public sealed interface Received {
    /// A message of text.
    ///
    /// @param utf8 is UTF-8, checked
    @SuppressWarnings("ArrayRecordComponent") // handed on, not compared
    record Text(byte[] utf8) implements Received {}

    @SuppressWarnings("ArrayRecordComponent")
    record Binary(byte[] data) implements Received {}

    /// To be answered with a pong that has the same data. Of several that have not been answered
    /// yet the last one alone may be (RFC 6455 5.5.3).
    @SuppressWarnings("ArrayRecordComponent")
    record Ping(byte[] data) implements Received {}

    @SuppressWarnings("ArrayRecordComponent")
    record Pong(byte[] data) implements Received {}

    /// The last that a client says.
    ///
    /// @param code 1005 where the frame had none
    record Close(int code, String reason) implements Received {}

    /// The client broke a rule, and is not listened to any more: it is to be told by a close frame,
    /// once everything it said before has been dealt with.
    record Failure(FrameRules rule) implements Received {}
}
