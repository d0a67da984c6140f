package io.spvn.server.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Checks UTF-8 (RFC 3629 4) as it comes in, however it is cut: what no text can begin with is
/// known at its first wrong octet.
final class Utf8 {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /// Octets that the character at hand still lacks.
    private int lacking;

    /// The bounds of the next of them.
    private int low;

    private int high;

    /// Whether a text is UTF-8 from its first octet to its last.
    static boolean isValid(byte[] bytes, int from, int to) {
        var text = new Utf8();
        return text.accepts(bytes, from, to) && text.isWhole();
    }

    /// Whether the text may go on so. Once it may not, this is of no use any more.
    boolean accepts(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (lacking == 0) {
                at = afterAscii(bytes, at, to);
            }
            if (at < to && !accepts(bytes[at++] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /// Whether no character is cut.
    boolean isWhole() {
        return lacking == 0;
    }

    /// Another text begins.
    void reset() {
        lacking = 0;
    }

    private static int afterAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - Long.BYTES && ((long) LONG.get(bytes, at) & HIGH_BITS) == 0) {
            at += Long.BYTES;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    private boolean accepts(int octet) {
        if (lacking == 0) {
            return begins(octet);
        }
        boolean within = octet >= low && octet <= high;
        lacking--;
        low = 0x80;
        high = 0xBF;
        return within;
    }

    /// No overlong forms, no surrogates, nothing above U+10FFFF: that is in the bounds of the
    /// second octet.
    private boolean begins(int octet) {
        if (octet < 0x80) {
            return true;
        }
        low = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
        high = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
        lacking = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
        return octet >= 0xC2 && octet <= 0xF4;
    }
}
