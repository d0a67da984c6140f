package io.spvn.server.http2;

import io.spvn.server.http.HttpError;

/// What the server says beside the responses of streams, ahead of those.
sealed interface Control {
    /// What the server has to say of itself, once.
    record Greeting() implements Control {}

    /// The client's settings are in force.
    ///
    /// @param tableSize of its decoder, [#UNSAID] when it said nothing of it
    record SettingsAck(int tableSize) implements Control {
        static final int UNSAID = -1;
    }

    /// A ping.
    ///
    /// @param ack whether it is the answer to one
    record Ping(long data, boolean ack) implements Control {}

    /// The client may send more.
    ///
    /// @param stream 0 for the connection
    record WindowUpdate(int stream, int increment) implements Control {}

    /// The end of a stream.
    record Reset(int stream, ErrorCode code) implements Control {}

    /// No other stream is begun.
    ///
    /// @param lastStream the last that was, or may have been
    record GoAway(int lastStream, ErrorCode code, String why) implements Control {}

    /// The answer to a request of which nothing was made.
    ///
    /// @param head whether it was HEAD
    /// @param complete whether all of the request has come
    record Answer(int stream, HttpError error, boolean head, boolean complete) implements Control {}
}
