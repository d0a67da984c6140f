package io.spvn.server.http;

import static io.spvn.server.http.FieldNames.EXPECT;
import static io.spvn.server.http.FieldNames.TE;

import io.spvn.bridge.asgi.Headers;

/// What a client asks of the transfer itself, in whatever version of HTTP.
public final class RequestWishes {
    /// Of `te`, in lower case.
    public static final byte[] TRAILERS = Ascii.bytes("trailers");

    private static final byte[] CONTINUE = Ascii.bytes("100-continue");

    private RequestWishes() {}

    /// Whether it takes fields behind a body (RFC 9110 10.1.4).
    public static boolean takesTrailers(Headers headers) {
        return ListField.contains(headers, TE, TRAILERS);
    }

    /// Whether it waits for leave to send a body (RFC 9110 10.1.1).
    public static boolean waitsForLeave(Headers headers) {
        return ListField.contains(headers, EXPECT, CONTINUE);
    }
}
