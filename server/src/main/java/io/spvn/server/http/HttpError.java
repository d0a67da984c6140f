package io.spvn.server.http;

import io.spvn.bridge.exchange.Rejected;

/// What was received, or could not be done, ends with this status. The message is short and is what
/// the client reads; there is no stack trace, for a refusal must cost less than what caused it.
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

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
}
