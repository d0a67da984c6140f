package io.spvn.cli;

/// The command line or an environment variable is wrong. The message is one line for the user that
/// names the culprit.
final class UsageError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
        super(message);
    }
}
