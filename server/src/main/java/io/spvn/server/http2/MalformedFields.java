package io.spvn.server.http2;

/// Fields that break a rule of HTTP/2: a malformed message (RFC 9113 8.1.1), whose stream ends with
/// PROTOCOL_ERROR. Has no stack trace, for it must cost less than what caused it.
final class MalformedFields extends Exception {
    private static final long serialVersionUID = 1L;

    private final FieldRules rule;

    MalformedFields(FieldRules rule) {
        super(rule.reason(), null, false, false);
        this.rule = rule;
    }

    /// The rule that is broken first.
    FieldRules rule() {
        return rule;
    }
}
