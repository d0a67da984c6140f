package io.spvn.server.access;

import io.spvn.bridge.asgi.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A line that is being written, as bytes. What comes from clients is escaped, so that no line can
/// be forged and nothing is said to a terminal. One thread.
final class LineBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1024];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    LineBuffer put(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /// A text of ours.
    @SuppressWarnings("deprecation") // the one way to copy ASCII without an array in between
    LineBuffer put(String ascii) {
        int more = ascii.length();
        room(more);
        ascii.getBytes(0, more, bytes, length);
        length += more;
        return this;
    }

    LineBuffer put(byte[] ours) {
        room(ours.length);
        System.arraycopy(ours, 0, bytes, length, ours.length);
        length += ours.length;
        return this;
    }

    /// A number that is not negative.
    LineBuffer put(long number) {
        return digits(number, 1);
    }

    /// A number that is not negative, with zeros ahead of it up to so many digits.
    LineBuffer digits(long number, int least) {
        int count = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            count++;
        }
        count = Math.max(count, least);
        room(count);
        long rest = number;
        for (int at = length + count - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    /// A number with so many decimals, from one with as many digits more.
    LineBuffer decimal(long number, int decimals) {
        long unit = 1;
        for (int i = 0; i < decimals; i++) {
            unit *= 10;
        }
        put(number / unit);
        if (decimals > 0) {
            put('.').digits(number % unit, decimals);
        }
        return this;
    }

    /// Bytes of a client: quotes and backslashes behind a backslash, what is not plain ASCII as
    /// `\xhh`, as Apache does it.
    LineBuffer escaped(byte[] text, int from, int to) {
        room(4 * (to - from));
        for (int at = from; at < to; at++) {
            escaped(text[at]);
        }
        return this;
    }

    private void escaped(byte octet) {
        if (octet == '"' || octet == '\\') {
            bytes[length++] = '\\';
            bytes[length++] = octet;
        } else if (octet >= ' ' && octet < 0x7F) {
            bytes[length++] = octet;
        } else {
            bytes[length++] = '\\';
            bytes[length++] = 'x';
            bytes[length++] = HEX[(octet >> 4) & 0xF];
            bytes[length++] = HEX[octet & 0xF];
        }
    }

    /// A text of a client, likewise.
    LineBuffer escaped(String text) {
        room(4 * text.length());
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            escaped(next < 0x80 ? (byte) next : (byte) '?');
        }
        return this;
    }

    /// The same, or `-` where there is nothing.
    LineBuffer escapedOrDash(byte[] text, int from, int to) {
        return from < to ? escaped(text, from, to) : put('-');
    }

    /// Bytes of a client as a string of JSON: UTF-8 as far as they are that.
    LineBuffer json(byte[] text, int from, int to) {
        if (!isPlain(text, from, to)) {
            String said = new String(text, from, to - from, StandardCharsets.UTF_8);
            return put(Printable.json(said).getBytes(StandardCharsets.UTF_8));
        }
        room(to - from + 2);
        bytes[length++] = '"';
        System.arraycopy(text, from, bytes, length, to - from);
        length += to - from;
        bytes[length++] = '"';
        return this;
    }

    private static boolean isPlain(byte[] text, int from, int to) {
        for (int at = from; at < to; at++) {
            byte octet = text[at];
            if (octet < ' ' || octet >= 0x7F || octet == '"' || octet == '\\') {
                return false;
            }
        }
        return true;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
