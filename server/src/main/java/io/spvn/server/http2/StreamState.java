package io.spvn.server.http2;

/// Where a request's stream is in its life (RFC 9113 5.1), seen from the server. An idle stream has
/// no object, nor does one that the server has forgotten. Everything that decides this is in this
/// file, as one table:
///
///     | state              | client ends | server ends        | reset  |
///     | OPEN               | REMOTE      | LOCAL              | CLOSED |
///     | HALF_CLOSED_REMOTE | -           | CLOSED             | CLOSED |
///     | HALF_CLOSED_LOCAL  | CLOSED      | -                  | CLOSED |
///     | CLOSED             | -           | -                  | -      |
///
/// What its client may send in each of them, and what it is answered when it sends another frame:
///
///     | state              | HEADERS        | DATA           | RST_STREAM | WINDOW_UPDATE |
///     | idle               | opens it       | PROTOCOL_ERROR of the connection           |
///     | OPEN               | trailers       | body           | closes it  | more window   |
///     | HALF_CLOSED_REMOTE | STREAM_CLOSED  | STREAM_CLOSED  | closes it  | more window   |
///     | HALF_CLOSED_LOCAL  | trailers       | dropped        | closes it  | dropped       |
///     | CLOSED by a reset  | dropped        | dropped        | dropped    | dropped       |
///     | CLOSED by ends     | STREAM_CLOSED  | STREAM_CLOSED  | dropped    | dropped       |
///
/// STREAM_CLOSED is the stream's error, but for HEADERS of a stream that both have ended, where it
/// is the connection's. PRIORITY and PRIORITY_UPDATE are legal everywhere.
enum StreamState {
    OPEN,
    HALF_CLOSED_REMOTE,
    HALF_CLOSED_LOCAL,
    CLOSED;

    /// The client has said all.
    StreamState clientEnded() {
        return switch (this) {
            case OPEN -> HALF_CLOSED_REMOTE;
            case HALF_CLOSED_LOCAL -> CLOSED;
            case HALF_CLOSED_REMOTE, CLOSED -> this;
        };
    }

    /// The server has said all.
    StreamState serverEnded() {
        return switch (this) {
            case OPEN -> HALF_CLOSED_LOCAL;
            case HALF_CLOSED_REMOTE -> CLOSED;
            case HALF_CLOSED_LOCAL, CLOSED -> this;
        };
    }

    /// Whether the client may send more of its request.
    boolean takesMore() {
        return this == OPEN || this == HALF_CLOSED_LOCAL;
    }
}
