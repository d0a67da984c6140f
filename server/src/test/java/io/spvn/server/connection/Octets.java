package io.spvn.server.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Bytes as text, one char an octet, for tests.
public final class Octets {
    private Octets() {}

    public static byte[] of(String text) {
        return text.getBytes(ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    public static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, ISO_8859_1);
    }
}
