package io.spvn.server.http1;

import io.spvn.bridge.exchange.Rejected;

/// What was received, or could not be done, ends with this status. The message is short and is what
/// the client reads; there is no stack trace, for a refusal must cost less than what caused it.
final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rejected reason;
    private final int status;

    /// With the status that the reason has.
    HttpError(Rejected reason, String message) {
        this(reason, reason.status(), message);
    }

    HttpError(Rejected reason, int status, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.status = status;
    }

    /// There is no room in the ledger.
    static HttpError noRoom() {
        return new HttpError(Rejected.MEMORY, "the server holds as much as it can");
    }

    /// What the refusal is counted as.
    Rejected reason() {
        return reason;
    }

    int status() {
        return status;
    }
}
