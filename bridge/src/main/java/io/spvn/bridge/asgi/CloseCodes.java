package io.spvn.bridge.asgi;

/// Why a WebSocket ends, by number (RFC 6455 section 7.4, and the registry that it made).
///
///     code        in a close  says
///     1000        yes         it has done what it was for
///     1001        yes         one side goes away
///     1002        yes         the other side broke the protocol
///     1003        yes         a kind of data that is not taken
///     1005        no          the close had no code
///     1006        no          there was no close
///     1007        yes         a text that is not UTF-8
///     1008        yes         against a policy
///     1009        yes         a message that is too large
///     1010        yes         an extension is missing
///     1011        yes         the server has failed
///     1012        yes         the server restarts
///     1013        yes         try again later
///     1014        yes         a gateway's server has failed
///     1015        no          the TLS handshake has failed
///     3000-4999   yes         what library or app say that it does
///     others      no
public final class CloseCodes {
    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int NO_CODE = 1005;
    public static final int ABNORMAL = 1006;
    public static final int TOO_BIG = 1009;
    public static final int INTERNAL_ERROR = 1011;
    public static final int SERVICE_RESTART = 1012;

    private static final int TLS_FAILURE = 1015;

    /// Bytes of a reason: what a control frame holds, less the code.
    public static final int LONGEST_REASON = 123;

    private CloseCodes() {}

    /// Whether a close may say so, whoever sends it.
    public static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003)
                || (code >= 1007 && code <= 1014)
                || (code >= 3000 && code <= 4999);
    }

    /// Whether it only tells an app how a WebSocket has ended, and is never sent.
    static boolean isLocal(int code) {
        return code == NO_CODE || code == ABNORMAL || code == TLS_FAILURE;
    }

    /// Refuses what a close cannot say.
    public static void requireSendable(int code) {
        if (!isSendable(code)) {
            throw new IllegalArgumentException(
                    "close code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999, not " + code);
        }
    }
}
