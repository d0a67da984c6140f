package io.spvn.server.http2;

/// A field block that is none (RFC 7541): the connection's table is lost with it, so it ends with
/// COMPRESSION_ERROR. Has no stack trace, for it must cost less than what caused it.
final class HpackError extends Exception {
    private static final long serialVersionUID = 1L;

    HpackError(String message) {
        super(message, null, false, false);
    }
}
