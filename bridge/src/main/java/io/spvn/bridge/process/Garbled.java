package io.spvn.bridge.process;

/// What a child has sent cannot be understood, or is more than it may send.
final class Garbled extends Exception {
    private static final long serialVersionUID = 1L;

    Garbled(String message) {
        super(message, null, false, false);
    }
}
