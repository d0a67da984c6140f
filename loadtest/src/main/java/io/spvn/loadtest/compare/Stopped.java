package io.spvn.loadtest.compare;

/// The comparison was stopped; nothing more is started.
final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
        super("stopped");
    }
}
