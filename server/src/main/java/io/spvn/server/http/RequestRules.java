package io.spvn.server.http;

import static io.spvn.bridge.exchange.Rejected.MALFORMED;
import static io.spvn.bridge.exchange.Rejected.UNSUPPORTED;

import io.spvn.bridge.exchange.Rejected;

/// Everything for which a request is refused whatever version of HTTP it comes by: the section that
/// says so, and what the client is told. Nothing is repaired; a request that needs repair was made
/// to be read in two ways.
public enum RequestRules implements Rule {
    METHOD_CASE(UNSUPPORTED, "RFC 9110 9.1", "methods are case-sensitive; this one is not known"),

    TARGET_CONTROL(MALFORMED, "RFC 9112 3.2", "control character in the request target"),
    TARGET_FRAGMENT(MALFORMED, "RFC 9112 3.2.1", "fragment in the request target"),
    TARGET_FORM(MALFORMED, "RFC 9112 3.2", "request target is neither a path nor an http URI"),
    TARGET_USERINFO(MALFORMED, "RFC 9110 4.2.4", "user information in the request target"),
    TARGET_AUTHORITY(MALFORMED, "RFC 9110 4.2.1", "illegal host in the request target"),
    TARGET_ASTERISK(MALFORMED, "RFC 9112 3.2.4", "only OPTIONS has the target *"),
    TARGET_CONNECT(MALFORMED, "RFC 9112 3.2.3", "the target of CONNECT is not host:port"),

    HOST_MISSING(MALFORMED, "RFC 9112 3.2", "Host header is missing"),
    HOST_REPEATED(MALFORMED, "RFC 9112 3.2", "more than one Host header"),
    HOST_EMPTY(MALFORMED, "RFC 9110 4.2.1", "Host header is empty"),
    HOST_SYNTAX(MALFORMED, "RFC 9110 7.2", "Host header is not a host with an optional port"),

    HEAD_TOO_LARGE(Rejected.HEAD_TOO_LARGE, "RFC 6585 5", "request head is too large"),
    TOO_MANY_FIELDS(Rejected.TOO_MANY_FIELDS, "RFC 6585 5", "too many header fields"),
    NAME_LOOKALIKE(
            MALFORMED, "RFC 9112 11.2", "header name is a framing header spelt with underscore"),

    LENGTH_SYNTAX(MALFORMED, "RFC 9110 8.6", "Content-Length is not a plain decimal number"),
    LENGTH_REPEATED(MALFORMED, "RFC 9110 8.6", "more than one Content-Length");

    private final Rejected counted;
    private final String section;
    private final String reason;

    RequestRules(Rejected counted, String section, String reason) {
        this.counted = counted;
        this.section = section;
        this.reason = reason;
    }

    @Override
    public Rejected counted() {
        return counted;
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
    public static String describe() {
        return Rule.describe(values());
    }
}
