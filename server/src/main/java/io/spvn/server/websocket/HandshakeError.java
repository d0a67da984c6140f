package io.spvn.server.websocket;

/// A request for a WebSocket breaks a rule: it is to be answered with the rule's error and fields.
public final class HandshakeError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HandshakeRules rule;

    HandshakeError(HandshakeRules rule) {
        super(rule.reason(), null, false, false);
        this.rule = rule;
    }

    public HandshakeRules rule() {
        return rule;
    }
}
