package io.spvn.server.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Request methods. The well-known ones are always these constants.
///
/// Methods are case-sensitive (RFC 9110 9.1) while ASGI knows them in upper case alone, so one with
/// a small letter cannot be told to an app as what it is, and is refused: `head` is not HEAD.
public final class Methods {
    public static final String GET = "GET";
    public static final String HEAD = "HEAD";
    public static final String POST = "POST";
    public static final String PUT = "PUT";
    public static final String DELETE = "DELETE";
    public static final String OPTIONS = "OPTIONS";
    public static final String PATCH = "PATCH";
    public static final String CONNECT = "CONNECT";
    public static final String TRACE = "TRACE";

    private static final List<String> KNOWN =
            List.of(GET, POST, HEAD, PUT, DELETE, OPTIONS, PATCH, CONNECT, TRACE);

    private Methods() {}

    /// The method that a block of bytes begins with.
    ///
    /// @param end of the method, which is a token
    public static String of(byte[] block, int end) {
        for (String known : KNOWN) {
            if (is(known, block, end)) {
                return known;
            }
        }
        for (int at = 0; at < end; at++) {
            if (block[at] >= 'a' && block[at] <= 'z') {
                throw RequestRules.METHOD_CASE.error();
            }
        }
        return new String(block, 0, end, StandardCharsets.US_ASCII);
    }

    private static boolean is(String known, byte[] block, int end) {
        if (known.length() != end) {
            return false;
        }
        for (int at = 0; at < end; at++) {
            if (block[at] != known.charAt(at)) {
                return false;
            }
        }
        return true;
    }
}
