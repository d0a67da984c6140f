package io.spvn.server.http;

import java.nio.charset.StandardCharsets;

/// The few things to know about single octets of a head.
public final class Ascii {
    private Ascii() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    public static boolean isAlphanumeric(byte octet) {
        byte lower = lower(octet);
        return (lower >= 'a' && lower <= 'z') || isDigit(octet);
    }

    /// A character of OWS, the optional whitespace around values (RFC 9110 5.6.3).
    public static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    public static boolean isHex(byte octet) {
        return hexValue(octet) >= 0;
    }

    /// The value of a hexadecimal digit, -1 for any other octet.
    public static int hexValue(byte octet) {
        return octet < 0 ? -1 : Character.digit(octet, 16);
    }

    public static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 0x20) : octet;
    }

    /// Whether a range is `lower` but for the case of its letters.
    public static boolean equalsIgnoreCase(byte[] block, int from, int to, byte[] lower) {
        return to - from == lower.length && startsWithIgnoreCase(block, from, to, lower);
    }

    public static boolean startsWithIgnoreCase(byte[] block, int from, int to, byte[] lower) {
        if (to - from < lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (lower(block[from + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /// The first index of `octet`, `to` when there is none.
    public static int indexOf(byte octet, byte[] block, int from, int to) {
        int at = from;
        while (at < to && block[at] != octet) {
            at++;
        }
        return at;
    }
}
