package io.spvn.server.websocket;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.Rule;

/// Everything for which a request for a WebSocket is refused: the section that says so, and what
/// the client is told.
public enum HandshakeRules implements Rule {
    VERSION(426, "RFC 6455 4.4", "only version 13 of WebSocket is spoken here"),
    VERSION_REPEATED(400, "RFC 6455 11.3.5", "more than one Sec-WebSocket-Version header"),
    KEY_MISSING(400, "RFC 6455 4.2.1", "Sec-WebSocket-Key header is missing"),
    KEY_REPEATED(400, "RFC 6455 11.3.1", "more than one Sec-WebSocket-Key header"),
    KEY(400, "RFC 6455 4.2.1", "Sec-WebSocket-Key is not 16 bytes in base64"),
    PROTOCOLS(400, "RFC 6455 4.1", "malformed Sec-WebSocket-Protocol"),
    EXTENSIONS(400, "RFC 6455 9.1", "malformed Sec-WebSocket-Extensions"),
    BODY(400, "RFC 9110 9.3.1", "a request for a WebSocket has a body");

    private static final Headers SPOKEN =
            Headers.of(
                    Ascii.bytes("upgrade"),
                    Ascii.bytes("websocket"),
                    Ascii.bytes("sec-websocket-version"),
                    Ascii.bytes("13"));

    private final int status;
    private final String section;
    private final String reason;

    HandshakeRules(int status, String section, String reason) {
        this.status = status;
        this.section = section;
        this.reason = reason;
    }

    @Override
    public Rejected counted() {
        return Rejected.MALFORMED;
    }

    /// There is no counter of its own for a version.
    @Override
    public int status() {
        return status;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public String reason() {
        return reason;
    }

    /// Fields that the answer must have besides those of any refusal: what is spoken here, where
    /// the version was wrong (RFC 6455 4.4, RFC 9110 15.5.22).
    public Headers fields() {
        return this == VERSION ? SPOKEN : Headers.EMPTY;
    }
}
