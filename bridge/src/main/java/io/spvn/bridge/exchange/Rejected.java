package io.spvn.bridge.exchange;

import java.util.Locale;

/// Why the server answers in the app's stead, or ends a connection, and with what status. Each is
/// counted under its own name.
public enum Rejected {
    /// The request can be read in more than one way, or in none.
    MALFORMED(400, "Bad Request"),
    /// A request without encryption, where encryption is spoken.
    PLAIN_HTTP(400, "Bad Request"),
    /// The head of a request took too long.
    HEADER_TIMEOUT(408, "Request Timeout"),
    /// The next piece of a body took too long.
    BODY_TIMEOUT(408, "Request Timeout"),
    /// The body is larger than allowed.
    BODY_TOO_LARGE(413, "Content Too Large"),
    /// The request line is longer than allowed.
    LINE_TOO_LONG(414, "URI Too Long"),
    /// The head has more bytes than allowed.
    HEAD_TOO_LARGE(431, "Request Header Fields Too Large"),
    /// The head has more fields than allowed.
    TOO_MANY_FIELDS(431, "Request Header Fields Too Large"),
    /// The app raised, or ended without a complete response.
    APP_FAILED(500, "Internal Server Error"),
    /// A transfer coding or version that is not spoken here.
    UNSUPPORTED(501, "Not Implemented"),
    /// The worker that had the request has ended.
    WORKER_ENDED(502, "Bad Gateway"),
    /// No room in the queue in time.
    QUEUE_FULL(503, "Service Unavailable"),
    /// No worker took the request in time.
    QUEUE_TIMEOUT(503, "Service Unavailable"),
    /// More requests wait than workers take in time.
    OVERLOAD(503, "Service Unavailable"),
    /// The app cannot be started; who changes it is told why (`--watch`).
    APP_BROKEN(503, "The app cannot be started"),
    /// The client left while its request waited for a worker.
    CLIENT_GONE(503, "Service Unavailable"),
    /// More connections than allowed.
    TOO_MANY_CONNECTIONS(503, "Service Unavailable"),
    /// All clients together make the server hold as much as it can.
    MEMORY(503, "Service Unavailable"),
    /// The server is about to end.
    STOPPING(503, "Service Unavailable"),
    /// The client did not take the next piece of a response in time; the connection is broken off.
    WRITE_TIMEOUT(0, ""),
    /// No request came for too long; the connection is closed.
    IDLE_TIMEOUT(0, ""),
    /// A connection does not begin with the header of the PROXY protocol that it has to begin with,
    /// or not from who may send it; it is closed.
    PROXY_HEADER(0, ""),
    /// More connections from one address than allowed; the one above is closed.
    CLIENT_CONNECTIONS(0, ""),
    /// One address connects more often than allowed; the connection is closed.
    CLIENT_RATE(0, ""),
    /// More requests at a time on a connection of HTTP/2 than allowed; those above are refused, and
    /// may be sent again.
    TOO_MANY_STREAMS(0, ""),
    /// A client of HTTP/2 has had too many of its requests reset, in whatever way; the connection
    /// is closed.
    HTTP2_RESETS(0, ""),
    /// A client of HTTP/2 sends too many frames that do no good; the connection is closed.
    HTTP2_FLOOD(0, ""),
    /// Encryption was not agreed on in time; the connection is closed.
    HANDSHAKE_TIMEOUT(0, ""),
    /// Encryption could not be agreed on; the client has got a TLS alert that says why.
    HANDSHAKE_FAILED(0, "");

    private final int status;
    private final String message;

    Rejected(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /// Of the answer; 0 where the connection ends without one.
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

    /// The name it is counted under.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
