package io.spvn.server.http1;

/// What was received, or could not be done, ends with this status. The message is short and is what
/// the client reads; there is no stack trace, for a refusal must cost less than what caused it.
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpError(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
