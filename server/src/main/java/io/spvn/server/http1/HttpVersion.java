package io.spvn.server.http1;

import io.spvn.server.http.Ascii;
import java.util.Arrays;

/// The HTTP-version of a request line (RFC 9112 2.3): case-sensitive, two single digits.
final class HttpVersion {
    private static final byte[] NAME = Ascii.bytes("HTTP/");
    private static final byte[] HTTP_1 = Ascii.bytes("HTTP/1.");

    private HttpVersion() {}

    /// True for HTTP/1.0, false for HTTP/1.1; refuses everything else.
    static boolean isHttp10(byte[] buffer, int from, int to) {
        if (!isVersion(buffer, from, to)) {
            throw HeadRules.VERSION_SYNTAX.error();
        }
        byte minor = buffer[to - 1];
        if (minor > '1' || !Arrays.equals(buffer, from, to - 1, HTTP_1, 0, HTTP_1.length)) {
            throw HeadRules.VERSION_UNSUPPORTED.error();
        }
        return minor == '0';
    }

    private static boolean isVersion(byte[] buffer, int from, int to) {
        int major = from + NAME.length;
        return to - from == HTTP_1.length + 1
                && Arrays.equals(buffer, from, major, NAME, 0, NAME.length)
                && Ascii.isDigit(buffer[major])
                && buffer[major + 1] == '.'
                && Ascii.isDigit(buffer[major + 2]);
    }
}
