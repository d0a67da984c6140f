package io.spvn.server.http2;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Rule;

/// Everything in the form of a request's fields that makes its stream end with PROTOCOL_ERROR. What
/// is wrong with a request whatever version of HTTP it comes by has rules of its own
/// ([io.spvn.server.http.RequestRules]), and an answer.
enum FieldRules implements Rule {
    NAME_EMPTY("RFC 9113 8.2.1", "empty field name"),
    NAME_CAPITAL("RFC 9113 8.2.1", "capital letter in a field name"),
    NAME_SYNTAX("RFC 9113 8.2.1", "illegal character in a field name"),
    VALUE_CONTROL("RFC 9113 8.2.1", "control character in a field value"),
    VALUE_BLANK("RFC 9113 8.2.1", "whitespace around a field value"),
    CONNECTION_FIELD("RFC 9113 8.2.2", "field of the connection of HTTP/1.1"),
    TE("RFC 9113 8.2.2", "te is not trailers"),

    PSEUDO_LATE("RFC 9113 8.3", "pseudo-header field behind other fields"),
    PSEUDO_REPEATED("RFC 9113 8.3", "pseudo-header field is repeated"),
    PSEUDO_UNKNOWN("RFC 9113 8.3", "unknown pseudo-header field"),
    PSEUDO_IN_TRAILERS("RFC 9113 8.1", "pseudo-header field in trailers"),

    METHOD_MISSING("RFC 9113 8.3.1", ":method is missing"),
    METHOD_SYNTAX("RFC 9113 8.3.1", ":method is not a token"),
    SCHEME_MISSING("RFC 9113 8.3.1", ":scheme is missing"),
    SCHEME_SYNTAX("RFC 9113 8.3.1", ":scheme is none"),
    PATH_MISSING("RFC 9113 8.3.1", ":path is missing or empty"),
    PATH_FORM("RFC 9113 8.3.1", ":path does not begin with a slash"),
    AUTHORITY_AND_HOST("RFC 9113 8.3.1", ":authority and host differ"),

    CONNECT_FIELDS("RFC 9113 8.5", "CONNECT with :scheme or :path"),
    CONNECT_AUTHORITY("RFC 9113 8.5", "CONNECT without :authority"),
    PROTOCOL_METHOD("RFC 8441 4", ":protocol without CONNECT"),
    PROTOCOL_SYNTAX("RFC 8441 4", ":protocol is not a token");

    private final String section;
    private final String reason;

    FieldRules(String section, String reason) {
        this.section = section;
        this.reason = reason;
    }

    @Override
    public Rejected counted() {
        return Rejected.MALFORMED;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public String reason() {
        return reason;
    }

    MalformedFields broken() {
        return new MalformedFields(this);
    }
}
