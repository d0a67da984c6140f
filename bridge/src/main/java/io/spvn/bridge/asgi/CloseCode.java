package io.spvn.bridge.asgi;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Why a WebSocket was closed (RFC 6455 7.4.1 and the registry it founded). The codes from 3000 on
/// belong to libraries and apps, and have no row here.
///
/// What `websocket.disconnect` says to the app is the code of the client's close frame;
/// [#NO_STATUS] where that had none, and [#ABNORMAL] where the connection broke without one.
public enum CloseCode {
    NORMAL(1000, true, "the purpose is fulfilled"),
    GOING_AWAY(1001, true, "an end goes away: a page is left, a server is shut down"),
    PROTOCOL_ERROR(1002, true, "the other end broke the protocol"),
    UNSUPPORTED_DATA(1003, true, "text or binary data was sent to who cannot take it"),
    NO_STATUS(1005, false, "a close frame had no code"),
    ABNORMAL(1006, false, "the connection ended without a close frame"),
    INVALID_DATA(1007, true, "the data of a message is not what its type says"),
    POLICY_VIOLATION(1008, true, "a message broke a rule of the app"),
    TOO_BIG(1009, true, "a message is too big"),
    MANDATORY_EXTENSION(1010, true, "the client needs an extension that was not agreed on"),
    INTERNAL_ERROR(1011, true, "the server, or the app, failed"),
    SERVICE_RESTART(1012, true, "the server is restarted"),
    TRY_AGAIN_LATER(1013, true, "the server has no room"),
    BAD_GATEWAY(1014, true, "what is behind the server failed"),
    TLS_HANDSHAKE(1015, false, "the TLS handshake failed");

    private static final int FIRST_PRIVATE = 3000;
    private static final int LAST_PRIVATE = 4999;

    private final int code;
    private final boolean onWire;
    private final String meaning;

    CloseCode(int code, boolean onWire, String meaning) {
        this.code = code;
        this.onWire = onWire;
        this.meaning = meaning;
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

    /// The table in Markdown, for the documentation.
    public static String describe() {
        return Arrays.stream(values())
                .map(
                        row ->
                                "| %d | %s | %s |\n"
                                        .formatted(
                                                row.code, row.onWire ? "yes" : "no", row.meaning))
                .collect(
                        Collectors.joining(
                                "", "| code | may be sent | says |\n|---|---|---|\n", ""));
    }
}
