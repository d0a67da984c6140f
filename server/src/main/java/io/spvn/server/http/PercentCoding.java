package io.spvn.server.http;

import java.util.Arrays;

/// Percent-decoding of a path (RFC 3986 2.1). A percent sign that two hexadecimal digits do not
/// follow stands for itself.
public final class PercentCoding {
    private PercentCoding() {}

    /// The decoded bytes: `path` itself when nothing in it is encoded.
    public static byte[] decoded(byte[] path) {
        int first = Ascii.indexOf((byte) '%', path, 0, path.length);
        return first == path.length ? path : decoded(path, first);
    }

    private static byte[] decoded(byte[] path, int first) {
        byte[] decoded = path.clone();
        int size = first;
        int at = first;
        while (at < path.length) {
            int octet = octet(path, at);
            decoded[size++] = octet < 0 ? path[at] : (byte) octet;
            at += octet < 0 ? 1 : 3;
        }
        return Arrays.copyOf(decoded, size);
    }

    /// The octet that is encoded at an index, -1 when none is.
    private static int octet(byte[] path, int at) {
        if (path[at] != '%' || path.length - at < 3) {
            return -1;
        }
        int high = Ascii.hexValue(path[at + 1]);
        int low = Ascii.hexValue(path[at + 2]);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
