package io.spvn.bridge.asgi;

import java.util.Arrays;

/// Why a WebSocket was closed (RFC 6455 7.4.1 and the registry it founded). The codes from 3000 on
/// belong to libraries and apps, and have no row here.
///
/// What `websocket.disconnect` says to the app is the code of the client's close frame;
/// [#NO_STATUS] where that had none, and [#ABNORMAL] where the connection broke without one.
public enum CloseCode {
    /// The purpose is fulfilled.
    NORMAL(1000, true),
    /// An end goes away: a page is left, a server is shut down.
    GOING_AWAY(1001, true),
    /// The other end broke the protocol.
    PROTOCOL_ERROR(1002, true),
    /// Text or binary data was sent to who cannot take it.
    UNSUPPORTED_DATA(1003, true),
    /// A close frame had no code.
    NO_STATUS(1005, false),
    /// The connection ended without a close frame.
    ABNORMAL(1006, false),
    /// The data of a message is not what its type says.
    INVALID_DATA(1007, true),
    /// A message broke a rule of the app.
    POLICY_VIOLATION(1008, true),
    /// A message is too big.
    TOO_BIG(1009, true),
    /// The client needs an extension that was not agreed on.
    MANDATORY_EXTENSION(1010, true),
    /// The server, or the app, failed.
    INTERNAL_ERROR(1011, true),
    /// The server is restarted.
    SERVICE_RESTART(1012, true),
    /// The server has no room.
    TRY_AGAIN_LATER(1013, true),
    /// What is behind the server failed.
    BAD_GATEWAY(1014, true),
    /// The TLS handshake failed.
    TLS_HANDSHAKE(1015, false);

    private static final int FIRST_PRIVATE = 3000;
    private static final int LAST_PRIVATE = 4999;

    private final int code;
    private final boolean onWire;

    CloseCode(int code, boolean onWire) {
        this.code = code;
        this.onWire = onWire;
    }

    public int code() {
        return code;
    }

    /// Whether a close frame may have this code, whoever sends it: those that are reserved for what
    /// is said without one may not, nor may codes that nobody has given a meaning.
    public static boolean mayBeSent(int code) {
        return (code >= FIRST_PRIVATE && code <= LAST_PRIVATE)
                || Arrays.stream(values()).anyMatch(row -> row.onWire && row.code == code);
    }

    /// Whether it only tells an app how a WebSocket has ended, and is never sent.
    static boolean isLocal(int code) {
        return Arrays.stream(values()).anyMatch(row -> !row.onWire && row.code == code);
    }

    /// Refuses what a close cannot say.
    static void requireSendable(int code) {
        if (!mayBeSent(code)) {
            throw new IllegalArgumentException(
                    "close code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999, not " + code);
        }
    }
}
