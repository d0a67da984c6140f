package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Rejected;
import java.nio.charset.StandardCharsets;

/// What was received, or could not be done, ends with this status. The message is short and is what
/// the client reads; there is no stack trace, for a refusal must cost less than what caused it.
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] PLAIN_TEXT = Ascii.bytes("text/plain; charset=utf-8");
    private static final byte[] RETRY_AFTER = Ascii.bytes("retry-after");
    private static final byte[] ONE_SECOND = Ascii.bytes("1");

    private final Rejected reason;
    private final int status;

    /// With the status that the reason has.
    public HttpError(Rejected reason, String message) {
        this(reason, reason.status(), message);
    }

    public HttpError(Rejected reason, int status, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.status = status;
    }

    /// There is no room in the ledger.
    public static HttpError noRoom() {
        return new HttpError(Rejected.MEMORY, "the server holds as much as it can");
    }

    /// What the refusal is counted as.
    public Rejected reason() {
        return reason;
    }

    public int status() {
        return status;
    }

    /// Header fields of the answer. Where a retry may help the client is told that it may come
    /// again in a second.
    public Headers headers() {
        return reason.retry()
                ? Headers.of(CONTENT_TYPE, PLAIN_TEXT, RETRY_AFTER, ONE_SECOND)
                : Headers.of(CONTENT_TYPE, PLAIN_TEXT);
    }

    /// The body of the answer.
    public Payload text() {
        return Payload.of(String.valueOf(getMessage()).getBytes(StandardCharsets.UTF_8));
    }
}
