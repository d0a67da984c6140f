package io.spvn.loadtest.compare;

/// The comparison cannot begin: no virtual environment, no document. The message is one line for
/// the user.
public final class ComparisonFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    ComparisonFailure(String message) {
        super(message);
    }

    ComparisonFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
