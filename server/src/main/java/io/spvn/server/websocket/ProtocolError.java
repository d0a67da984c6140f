package io.spvn.server.websocket;

/// What a client sent breaks a rule. Does not leave [FrameReader]. Without a stack trace, for a
/// refusal must cost less than what caused it.
final class ProtocolError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FrameRules rule;

    ProtocolError(FrameRules rule) {
        super(rule.reason(), null, false, false);
        this.rule = rule;
    }

    FrameRules rule() {
        return rule;
    }
}
