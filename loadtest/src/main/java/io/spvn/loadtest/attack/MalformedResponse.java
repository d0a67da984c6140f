package io.spvn.loadtest.attack;

/// What came is not a response of HTTP/1.1.
final class MalformedResponse extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedResponse(String message) {
        super(message, null, false, false);
    }
}
