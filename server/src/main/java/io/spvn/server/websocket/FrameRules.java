package io.spvn.server.websocket;

import static io.spvn.bridge.asgi.CloseCode.INVALID_DATA;
import static io.spvn.bridge.asgi.CloseCode.PROTOCOL_ERROR;
import static io.spvn.bridge.asgi.CloseCode.TOO_BIG;
import static io.spvn.bridge.asgi.CloseCode.TRY_AGAIN_LATER;

import io.spvn.bridge.asgi.CloseCode;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Everything for which a WebSocket is failed: the code its client is told, the section that says
/// so, and the reason. Nothing is repaired.
public enum FrameRules {
    RESERVED_BIT(PROTOCOL_ERROR, "RFC 6455 5.2", "reserved bit is set"),
    RESERVED_OPCODE(PROTOCOL_ERROR, "RFC 6455 5.2", "opcode is not known"),
    LENGTH_NOT_MINIMAL(PROTOCOL_ERROR, "RFC 6455 5.2", "length takes more bytes than it needs"),
    LENGTH_SIGN(PROTOCOL_ERROR, "RFC 6455 5.2", "highest bit of a length is set"),
    UNMASKED(PROTOCOL_ERROR, "RFC 6455 5.1", "frame is not masked"),

    CONTROL_FRAGMENTED(PROTOCOL_ERROR, "RFC 6455 5.5", "control frame is fragmented"),
    CONTROL_TOO_LONG(PROTOCOL_ERROR, "RFC 6455 5.5", "control frame is longer than 125 bytes"),
    CLOSE_CODE_CUT(PROTOCOL_ERROR, "RFC 6455 5.5.1", "close frame has half a code"),
    CLOSE_CODE(PROTOCOL_ERROR, "RFC 6455 7.4", "close code must not be sent"),
    CLOSE_REASON(INVALID_DATA, "RFC 6455 5.5.1", "close reason is not UTF-8"),

    NOTHING_TO_CONTINUE(PROTOCOL_ERROR, "RFC 6455 5.4", "continuation of no message"),
    MESSAGE_IN_MESSAGE(PROTOCOL_ERROR, "RFC 6455 5.4", "message begins before the last one ends"),
    TEXT(INVALID_DATA, "RFC 6455 8.1", "text is not UTF-8"),
    COMPRESSION(INVALID_DATA, "RFC 7692 7.2.2", "compressed data is malformed"),

    MESSAGE_TOO_BIG(TOO_BIG, "RFC 6455 10.4", "message is too big"),
    TOO_MANY_FRAGMENTS(TOO_BIG, "RFC 6455 10.4", "message has too many fragments"),
    NO_ROOM(TRY_AGAIN_LATER, "RFC 6455 10.4", "the server holds as much as it can");

    private final CloseCode code;
    private final String section;
    private final String reason;

    FrameRules(CloseCode code, String section, String reason) {
        this.code = code;
        this.section = section;
        this.reason = reason;
    }

    /// What the client is told.
    public CloseCode code() {
        return code;
    }

    /// What the client is told in words: ASCII, and short enough for a close frame.
    public String reason() {
        return reason;
    }

    /// The refusal, ready to be thrown.
    ProtocolError error() {
        return new ProtocolError(this);
    }

    /// The table in Markdown, for the documentation.
    static String describe() {
        return Arrays.stream(values())
                .map(
                        rule ->
                                "| %d | %s | %s |\n"
                                        .formatted(rule.code.code(), rule.reason, rule.section))
                .collect(Collectors.joining("", "| code | failed | says |\n|---|---|---|\n", ""));
    }
}
