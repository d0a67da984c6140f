package io.spvn.bridge.exchange;

/// The client is no longer there to read a response; becomes an `OSError` in the app.
public final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClientGone() {
        super("the client has disconnected", null, false, false);
    }
}
