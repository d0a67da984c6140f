package io.spvn.cli;

/// Requests of an attack had no response, or no server was there to send them to. The message is
/// one line for the user.
final class AttackFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AttackFailure(String message) {
        super(message);
    }
}
