package io.spvn.bridge.exchange;

/// Why the server answers in the app's stead, and with what status.
public enum Rejected {
    MALFORMED(400, "Bad Request"),
    APP_FAILED(500, "Internal Server Error"),
    QUEUE_FULL(503, "Service Unavailable"),
    QUEUE_TIMEOUT(503, "Service Unavailable"),
    STOPPING(503, "Service Unavailable");

    private final int status;
    private final String message;

    Rejected(int status, String message) {
        this.status = status;
        this.message = message;
    }

    public int status() {
        return status;
    }

    /// Short text for the client.
    public String message() {
        return message;
    }

    /// Whether the client may try again soon.
    public boolean retry() {
        return status == 503;
    }
}
