package io.spvn.server.http1;

import static io.spvn.bridge.exchange.Rejected.MALFORMED;
import static io.spvn.bridge.exchange.Rejected.UNSUPPORTED;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Rule;

/// Everything in the form of a request head for which it is refused: the section that says so, and
/// what the client is told. What such a head says has rules of its own
/// ([io.spvn.server.http.RequestRules]). Nothing is repaired; a head that needs repair was made to
/// be read in two ways.
enum HeadRules implements Rule {
    BARE_CR(MALFORMED, "RFC 9112 2.2", "CR without LF"),
    BARE_LF(MALFORMED, "RFC 9112 2.2", "LF without CR"),
    EMPTY_LINES(MALFORMED, "RFC 9112 2.2", "too many empty lines before the request line"),
    SPACE_BEFORE_FIELDS(MALFORMED, "RFC 9112 2.2", "whitespace before the first header"),

    REQUEST_LINE(MALFORMED, "RFC 9112 3", "request line is not: method, target, version"),
    LINE_TOO_LONG(Rejected.LINE_TOO_LONG, "RFC 9112 3", "request line is too long"),
    METHOD(MALFORMED, "RFC 9112 3.1", "illegal character in the method"),
    VERSION_SYNTAX(MALFORMED, "RFC 9112 2.3", "malformed HTTP version"),
    VERSION_UNSUPPORTED(
            UNSUPPORTED, "RFC 9110 15.6.6", "only HTTP/1.0 and HTTP/1.1 are spoken here"),

    OBS_FOLD(MALFORMED, "RFC 9112 5.2", "folded header line"),
    NAME_EMPTY(MALFORMED, "RFC 9112 5", "empty header name"),
    NAME_SYNTAX(MALFORMED, "RFC 9110 5.1", "illegal character in a header name"),
    SPACE_BEFORE_COLON(MALFORMED, "RFC 9112 5.1", "whitespace between header name and colon"),
    NO_COLON(MALFORMED, "RFC 9112 5", "header line without colon"),
    VALUE_CONTROL(MALFORMED, "RFC 9110 5.5", "control character in a header value"),

    LENGTH_AND_CODING(MALFORMED, "RFC 9112 6.3", "both Content-Length and Transfer-Encoding"),
    CODING_IN_HTTP10(MALFORMED, "RFC 9112 6.1", "Transfer-Encoding in an HTTP/1.0 request"),
    CODING_SYNTAX(MALFORMED, "RFC 9112 6.1", "malformed Transfer-Encoding"),
    CODING_NOT_FINAL(MALFORMED, "RFC 9112 6.3", "chunked is not the one final transfer coding"),
    CODING_UNKNOWN(UNSUPPORTED, "RFC 9112 6.1", "transfer coding is not supported");

    private final Rejected counted;
    private final String section;
    private final String reason;

    HeadRules(Rejected counted, String section, String reason) {
        this.counted = counted;
        this.section = section;
        this.reason = reason;
    }

    @Override
    public Rejected counted() {
        return counted;
    }

    /// There is no counter of its own for a version.
    @Override
    public int status() {
        return this == VERSION_UNSUPPORTED ? 505 : counted.status();
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public String reason() {
        return reason;
    }

    /// The table in Markdown, for the documentation.
    static String describe() {
        return Rule.describe(values());
    }
}
