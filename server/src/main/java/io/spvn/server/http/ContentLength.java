package io.spvn.server.http;

import static io.spvn.server.http.FieldNames.CONTENT_LENGTH;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;

/// The Content-Length of a request (RFC 9110 8.6). Stricter than the letter where the letter lets
/// two servers differ: no leading zeros, no list of equal lengths.
public final class ContentLength {
    /// There is none.
    public static final long NONE = -1;

    private ContentLength() {}

    /// What the headers say, [#NONE] when they say nothing.
    public static long of(Headers headers) {
        int field = headers.find(CONTENT_LENGTH, 0);
        return field < 0 ? NONE : of(headers, field);
    }

    private static long of(Headers headers, int field) {
        if (headers.find(CONTENT_LENGTH, field + 1) >= 0) {
            throw RequestRules.LENGTH_REPEATED.error();
        }
        int from = headers.valueStart(field);
        int to = headers.valueEnd(field);
        long length = HeaderSyntax.decimal(headers.block(), from, to);
        boolean leadingZero = to - from > 1 && headers.block()[from] == '0';
        if (length < 0 || leadingZero) {
            throw RequestRules.LENGTH_SYNTAX.error();
        }
        return length;
    }
}
