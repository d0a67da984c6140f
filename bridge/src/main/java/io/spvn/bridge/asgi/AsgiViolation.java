package io.spvn.bridge.asgi;

/// The app broke the order of [ResponseRules]. The message is meant for the app's author.
public final class AsgiViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AsgiViolation(String message) {
        super(message);
    }
}
