package io.spvn.loadtest.attack;

/// Why a request got no response. An error is never counted as a response.
public enum ErrorKind {
    REFUSED("connection refused"),
    UNREACHABLE("no connection"),
    RESET("connection reset"),
    CLOSED("connection closed before the response ended"),
    MALFORMED("not an HTTP response"),
    TIMEOUT("no response in time"),
    UNSENT("no free connection in time");

    private final String text;

    ErrorKind(String text) {
        this.text = text;
    }

    /// A few words for the user.
    public String text() {
        return text;
    }
}
