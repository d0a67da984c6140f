package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;

/// How the fields that say where a body ends may not be spelt. Gateways in the CGI tradition read
/// an underscore as a hyphen; nobody needs these two names.
public final class Lookalikes {
    private static final byte[] LENGTH = Ascii.bytes("content_length");
    private static final byte[] CODING = Ascii.bytes("transfer_encoding");

    private Lookalikes() {}

    public static void refuse(Headers headers) {
        if (headers.find(LENGTH, 0) >= 0 || headers.find(CODING, 0) >= 0) {
            throw RequestRules.NAME_LOOKALIKE.error();
        }
    }
}
