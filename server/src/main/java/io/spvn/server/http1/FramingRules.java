package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.TRANSFER_ENCODING;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.ListField;

/// What Transfer-Encoding may say. Stricter than the letter where the letter lets two servers
/// differ: no empty members.
final class FramingRules {
    private static final byte[] CHUNKED = Ascii.bytes("chunked");

    private FramingRules() {}

    /// The only transfer coding spoken is `chunked`, once. A coding that has `chunked` in it
    /// without being it, or has it anywhere but at the end, hides where the body ends; other
    /// codings are merely not supported.
    static void requireChunked(Headers headers, boolean http10) {
        if (http10) {
            throw HeadRules.CODING_IN_HTTP10.error();
        }
        var codings = new ListField(headers, TRANSFER_ENCODING);
        int members = 0;
        int mentions = 0;
        boolean last = false;
        while (codings.next()) {
            requireToken(headers, codings);
            last = codings.is(CHUNKED);
            mentions += mentionsChunked(headers, codings) ? 1 : 0;
            members++;
        }
        if (mentions > (last ? 1 : 0)) {
            throw HeadRules.CODING_NOT_FINAL.error();
        }
        if (members > mentions) {
            throw HeadRules.CODING_UNKNOWN.error();
        }
    }

    private static void requireToken(Headers headers, ListField coding) {
        int end = HeaderSyntax.tokenEnd(headers.block(), coding.from(), coding.to());
        if (coding.from() == coding.to() || end < coding.to()) {
            throw HeadRules.CODING_SYNTAX.error();
        }
    }

    private static boolean mentionsChunked(Headers headers, ListField coding) {
        for (int at = coding.from(); at < coding.to(); at++) {
            if (Ascii.startsWithIgnoreCase(headers.block(), at, coding.to(), CHUNKED)) {
                return true;
            }
        }
        return false;
    }
}
