package io.spvn.server.http2;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The pseudo-header fields that a request may have (RFC 9113 8.3.1, RFC 8441 4).
enum Pseudo {
    METHOD,
    SCHEME,
    AUTHORITY,
    PATH,
    PROTOCOL;

    private static final int LONGEST = ":authority".length();

    /// The one of that name, null for none.
    static @Nullable Pseudo of(byte[] name) {
        if (name.length > LONGEST) {
            return null;
        }
        return switch (new String(name, StandardCharsets.ISO_8859_1)) {
            case ":method" -> METHOD;
            case ":scheme" -> SCHEME;
            case ":authority" -> AUTHORITY;
            case ":path" -> PATH;
            case ":protocol" -> PROTOCOL;
            default -> null;
        };
    }
}
