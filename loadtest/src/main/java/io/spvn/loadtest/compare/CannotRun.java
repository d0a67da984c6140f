package io.spvn.loadtest.compare;

/// A server does not run a scenario; the message says why.
final class CannotRun extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotRun(String why) {
        super(why);
    }

    /// The reason, for the row.
    String why() {
        return String.valueOf(getMessage());
    }
}
