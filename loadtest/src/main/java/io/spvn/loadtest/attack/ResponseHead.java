package io.spvn.loadtest.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/// What the head of a response says about its end. Used by one [ResponseReader].
final class ResponseHead {
    private static final byte[] CONTENT_LENGTH = name("content-length");
    private static final byte[] TRANSFER_ENCODING = name("transfer-encoding");
    private static final byte[] CONNECTION = name("connection");
    private static final long MAX_LENGTH = 1L << 50;

    private int status;
    private boolean keepsConnection;
    private boolean encoded;
    private boolean chunked;
    private long length;

    private static byte[] name(String name) {
        return name.getBytes(US_ASCII);
    }

    /// The status line (RFC 9112, 4): `HTTP/1.1 200 OK`.
    void begin(byte[] line, int length) throws MalformedResponse {
        if (length < 12 || !"HTTP/1.".equals(text(line, 0, 7)) || line[8] != ' ') {
            throw new MalformedResponse("no status line");
        }
        number(line, 7, 8, 10);
        status = (int) number(line, 9, 12, 10);
        if (status < 100 || (length > 12 && line[12] != ' ')) {
            throw new MalformedResponse("no status code");
        }
        keepsConnection = line[7] != '0';
        encoded = false;
        chunked = false;
        this.length = -1;
    }

    /// A field line (RFC 9112, 5).
    void field(byte[] line, int length) throws MalformedResponse {
        int colon = indexOf(line, length, ':');
        if (colon == 0 || colon == length) {
            throw new MalformedResponse("a field line without a name");
        }
        if (named(line, colon, CONTENT_LENGTH)) {
            contentLength(number(value(line, colon, length)));
        } else if (named(line, colon, TRANSFER_ENCODING)) {
            encoded = true;
            chunked = value(line, colon, length).endsWith("chunked");
        } else if (named(line, colon, CONNECTION)) {
            connection(value(line, colon, length));
        }
    }

    private void contentLength(long given) throws MalformedResponse {
        if (length >= 0 && length != given) {
            throw new MalformedResponse("two lengths");
        }
        length = given;
    }

    private void connection(String options) {
        if (options.contains("close")) {
            keepsConnection = false;
        } else if (options.contains("keep-alive")) {
            keepsConnection = true;
        }
    }

    private static boolean named(byte[] line, int length, byte[] name) {
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((line[i] | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static String value(byte[] line, int colon, int length) {
        return text(line, colon + 1, length).strip().toLowerCase(Locale.ROOT);
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, US_ASCII);
    }

    private static long number(String digits) throws MalformedResponse {
        byte[] bytes = digits.getBytes(US_ASCII);
        return number(bytes, 0, bytes.length, 10);
    }

    /// Digits and nothing else, but for blanks after them.
    static long number(byte[] line, int from, int to, int radix) throws MalformedResponse {
        int end = to;
        while (end > from && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            end--;
        }
        long number = 0;
        for (int i = from; i < end; i++) {
            int digit = Character.digit(line[i], radix);
            if (digit < 0 || number > MAX_LENGTH) {
                throw new MalformedResponse("not a number");
            }
            number = number * radix + digit;
        }
        if (end == from) {
            throw new MalformedResponse("no number");
        }
        return number;
    }

    /// Where it is for the first time, or `length`.
    static int indexOf(byte[] line, int length, char wanted) {
        for (int i = 0; i < length; i++) {
            if (line[i] == wanted) {
                return i;
            }
        }
        return length;
    }

    int status() {
        return status;
    }

    boolean keepsConnection() {
        return keepsConnection;
    }

    boolean encoded() {
        return encoded;
    }

    boolean chunked() {
        return chunked;
    }

    /// -1 if it is not said.
    long length() {
        return length;
    }
}
