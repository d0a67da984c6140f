package io.spvn.server.http2;

import io.spvn.bridge.exchange.Rejected;

/// What a client has sent breaks a rule (RFC 9113 5.4), or asks for too much. Has no stack trace: a
/// refusal must cost less than what caused it.
final class Http2Error extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int stream;
    private final Rejected reason;

    private Http2Error(ErrorCode code, int stream, Rejected reason, String message) {
        super(message, null, false, false);
        this.code = code;
        this.stream = stream;
        this.reason = reason;
    }

    /// For which the connection ends.
    static Http2Error ofConnection(ErrorCode code, String message) {
        return new Http2Error(code, 0, Rejected.MALFORMED, message);
    }

    /// The same, counted by its own reason.
    static Http2Error ofConnection(ErrorCode code, Rejected reason, String message) {
        return new Http2Error(code, 0, reason, message);
    }

    /// For which one stream ends.
    static Http2Error ofStream(int stream, ErrorCode code, String message) {
        return ofStream(stream, code, Rejected.MALFORMED, message);
    }

    /// The same, counted by its own reason.
    static Http2Error ofStream(int stream, ErrorCode code, Rejected reason, String message) {
        return new Http2Error(code, stream, reason, message);
    }

    ErrorCode code() {
        return code;
    }

    /// 0 when it is the connection.
    int stream() {
        return stream;
    }

    /// What it is counted as.
    Rejected reason() {
        return reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
