package io.spvn.server.access;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Access.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What both formats find in a request.
final class Asked {
    static final byte[] AUTHORIZATION = bytes("authorization");
    static final byte[] REFERER = bytes("referer");
    static final byte[] USER_AGENT = bytes("user-agent");
    static final byte[] HOST = bytes("host");
    private static final String BASIC = "basic ";
    private static final byte[] NOTHING = {};

    private Asked() {}

    static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    /// The client's address, or `unix` where it has none.
    static String client(Access access) {
        Endpoint client = access.peers().client();
        return client == null || client.host().isEmpty() ? "unix" : client.host();
    }

    /// Where the query begins in the target, or the target's end: the place of the question mark.
    static int pathEnd(Request request) {
        byte[] block = request.headers().block();
        int at = request.methodEnd() + 1;
        while (at < request.targetEnd() && block[at] != '?') {
            at++;
        }
        return at;
    }

    /// Who has signed in by HTTP's basic way, as bytes of the client; none for nobody.
    static byte[] user(@Nullable Request request) {
        int field = request == null ? -1 : request.headers().find(AUTHORIZATION, 0);
        if (request == null || field < 0) {
            return NOTHING;
        }
        Headers headers = request.headers();
        String value = new String(headers.value(field), StandardCharsets.ISO_8859_1);
        if (!value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return NOTHING;
        }
        try {
            String pair =
                    new String(
                            Base64.getDecoder().decode(value.substring(BASIC.length()).strip()),
                            StandardCharsets.ISO_8859_1);
            int colon = pair.indexOf(':');
            return colon <= 0
                    ? NOTHING
                    : pair.substring(0, colon).getBytes(StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException noBase64) {
            return NOTHING;
        }
    }
}
