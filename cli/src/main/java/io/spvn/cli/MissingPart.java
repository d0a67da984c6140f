package io.spvn.cli;

/// The environment lacks what the server needs. The message is one line for the user.
final class MissingPart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingPart(String message) {
        super(message);
    }
}
