package io.spvn.server.connection;

/// What a client sends does not fit into the ledger. Has no stack trace: a refusal must cost less
/// than what caused it.
public final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoRoom() {
        super("no room for input", null, false, false);
    }
}
