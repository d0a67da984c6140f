package io.spvn.bridge.asgi;

import java.nio.charset.StandardCharsets;

/// The characters header fields are made of (RFC 9110 5.1, 5.5), as one table of 256 classes. Used
/// for what clients send and for what apps send.
public final class HeaderSyntax {
    private static final int SHOWN_BYTES = 60;

    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte[] CLASSES = classes();

    private HeaderSyntax() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int octet = ' '; octet < 256; octet++) {
            classes[octet] |= VALUE;
        }
        classes['\t'] |= VALUE;
        classes[0x7F] = 0;
        for (int letter = 'a'; letter <= 'z'; letter++) {
            classes[letter] |= TOKEN;
            classes[letter - 0x20] |= TOKEN;
        }
        for (byte other : "0123456789!#$%&'*+-.^_`|~".getBytes(StandardCharsets.US_ASCII)) {
            classes[other] |= TOKEN;
        }
        return classes;
    }

    /// A field name is a token: at least one character, none of them a separator (RFC 9110 5.1).
    public static void requireName(byte[] block, int from, int to) {
        if (from == to) {
            throw new IllegalArgumentException("header name is empty");
        }
        int end = tokenEnd(block, from, to);
        if (end < to) {
            throw illegal("header name", block, from, to, end);
        }
    }

    /// A field value holds no CR, LF, NUL or other control character but HTAB (RFC 9110 5.5).
    public static void requireValue(byte[] block, int from, int to) {
        int end = valueEnd(block, from, to);
        if (end < to) {
            throw illegal("header value", block, from, to, end);
        }
    }

    /// The first index that does not hold a token character, `to` when all do.
    public static int tokenEnd(byte[] block, int from, int to) {
        int at = from;
        while (at < to && (CLASSES[block[at] & 0xFF] & TOKEN) != 0) {
            at++;
        }
        return at;
    }

    /// The first index that does not hold a character of a field value, `to` when all do.
    public static int valueEnd(byte[] block, int from, int to) {
        int at = from;
        while (at < to && (CLASSES[block[at] & 0xFF] & VALUE) != 0) {
            at++;
        }
        return at;
    }

    /// Whether there is an ASCII letter that [#lowerCase] would turn.
    public static boolean hasCapital(byte[] block, int from, int to) {
        for (int at = from; at < to; at++) {
            if (block[at] >= 'A' && block[at] <= 'Z') {
                return true;
            }
        }
        return false;
    }

    /// Turns ASCII letters to lower case, in place.
    public static void lowerCase(byte[] block, int from, int to) {
        for (int at = from; at < to; at++) {
            byte octet = block[at];
            if (octet >= 'A' && octet <= 'Z') {
                block[at] = (byte) (octet + 0x20);
            }
        }
    }

    /// A number of digits only, as in Content-Length (RFC 9110 8.6); -1 when it is anything else or
    /// too large for a long.
    public static long decimal(byte[] block, int from, int to) {
        long number = from == to ? -1 : 0;
        for (int at = from; at < to; at++) {
            int digit = block[at] - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static IllegalArgumentException illegal(
            String what, byte[] block, int from, int to, int at) {
        return new IllegalArgumentException(
                "illegal byte 0x%02x in %s '%s'"
                        .formatted(
                                block[at] & 0xFF,
                                what,
                                Printable.line(block, from, to, SHOWN_BYTES)));
    }
}
