package io.spvn.server.http1;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Rule;

/// Everything for which a request head is refused: the status, the section that says so, and what
/// the client is told. Nothing is repaired; a head that needs repair was made to be read in two
/// ways.
enum HeadRules implements Rule {
    BARE_CR(400, "RFC 9112 2.2", "CR without LF"),
    BARE_LF(400, "RFC 9112 2.2", "LF without CR"),
    EMPTY_LINES(400, "RFC 9112 2.2", "too many empty lines before the request line"),
    SPACE_BEFORE_FIELDS(400, "RFC 9112 2.2", "whitespace before the first header"),

    REQUEST_LINE(400, "RFC 9112 3", "request line is not: method, target, version"),
    LINE_TOO_LONG(414, "RFC 9112 3", "request line is too long"),
    METHOD(400, "RFC 9112 3.1", "illegal character in the method"),
    METHOD_CASE(501, "RFC 9110 9.1", "methods are case-sensitive; this one is not known"),
    VERSION_SYNTAX(400, "RFC 9112 2.3", "malformed HTTP version"),
    VERSION_UNSUPPORTED(505, "RFC 9110 15.6.6", "only HTTP/1.0 and HTTP/1.1 are spoken here"),

    TARGET_CONTROL(400, "RFC 9112 3.2", "control character in the request target"),
    TARGET_FRAGMENT(400, "RFC 9112 3.2.1", "fragment in the request target"),
    TARGET_FORM(400, "RFC 9112 3.2", "request target is neither a path nor an http URI"),
    TARGET_USERINFO(400, "RFC 9110 4.2.4", "user information in the request target"),
    TARGET_AUTHORITY(400, "RFC 9110 4.2.1", "illegal host in the request target"),
    TARGET_ASTERISK(400, "RFC 9112 3.2.4", "only OPTIONS has the target *"),
    TARGET_CONNECT(400, "RFC 9112 3.2.3", "the target of CONNECT is not host:port"),

    OBS_FOLD(400, "RFC 9112 5.2", "folded header line"),
    NAME_EMPTY(400, "RFC 9112 5", "empty header name"),
    NAME_SYNTAX(400, "RFC 9110 5.1", "illegal character in a header name"),
    NAME_LOOKALIKE(400, "RFC 9112 11.2", "header name is a framing header spelt with underscore"),
    SPACE_BEFORE_COLON(400, "RFC 9112 5.1", "whitespace between header name and colon"),
    NO_COLON(400, "RFC 9112 5", "header line without colon"),
    VALUE_CONTROL(400, "RFC 9110 5.5", "control character in a header value"),
    HEAD_TOO_LARGE(431, "RFC 6585 5", "request head is too large"),
    TOO_MANY_FIELDS(431, "RFC 6585 5", "too many header fields"),

    HOST_MISSING(400, "RFC 9112 3.2", "Host header is missing"),
    HOST_REPEATED(400, "RFC 9112 3.2", "more than one Host header"),
    HOST_EMPTY(400, "RFC 9110 4.2.1", "Host header is empty"),
    HOST_SYNTAX(400, "RFC 9110 7.2", "Host header is not a host with an optional port"),

    LENGTH_SYNTAX(400, "RFC 9110 8.6", "Content-Length is not a plain decimal number"),
    LENGTH_REPEATED(400, "RFC 9110 8.6", "more than one Content-Length"),
    LENGTH_AND_CODING(400, "RFC 9112 6.3", "both Content-Length and Transfer-Encoding"),
    CODING_IN_HTTP10(400, "RFC 9112 6.1", "Transfer-Encoding in an HTTP/1.0 request"),
    CODING_SYNTAX(400, "RFC 9112 6.1", "malformed Transfer-Encoding"),
    CODING_NOT_FINAL(400, "RFC 9112 6.3", "chunked is not the one final transfer coding"),
    CODING_UNKNOWN(501, "RFC 9112 6.1", "transfer coding is not supported");

    private final int status;
    private final String section;
    private final String reason;

    HeadRules(int status, String section, String reason) {
        this.status = status;
        this.section = section;
        this.reason = reason;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public Rejected counted() {
        return switch (status) {
            case 414 -> Rejected.LINE_TOO_LONG;
            case 431 ->
                    this == TOO_MANY_FIELDS ? Rejected.TOO_MANY_FIELDS : Rejected.HEAD_TOO_LARGE;
            case 501, 505 -> Rejected.UNSUPPORTED;
            default -> Rejected.MALFORMED;
        };
    }

    /// The table in Markdown, for the documentation.
    static String describe() {
        return Rule.describe(values());
    }
}
