package io.spvn.server.http;

import io.spvn.bridge.asgi.HeaderSyntax;

/// The syntax of `uri-host [ ":" port ]` (RFC 9110 7.2, RFC 3986 3.2.2), never empty. A comma is
/// legal in a name by the letter, but a Host with a comma is two hosts to somebody else: refused.
public final class Authority {
    private static final String NAME_EXTRAS = "-._~!$&'()*+;=";
    private static final int MAX_PORT = 0xFFFF;

    private Authority() {}

    /// A host, with or without a port; the port may be empty after its colon.
    public static boolean isHost(byte[] block, int from, int to) {
        int end = hostEnd(block, from, to);
        return end > from && (end == to || isPort(block, end, to));
    }

    /// A host and a port that one can connect to (RFC 9110 9.3.6).
    public static boolean isHostAndPort(byte[] block, int from, int to) {
        int end = hostEnd(block, from, to);
        if (end == from || end == to || block[end] != ':') {
            return false;
        }
        long port = HeaderSyntax.decimal(block, end + 1, to);
        return port > 0 && port <= MAX_PORT;
    }

    private static boolean isPort(byte[] block, int colon, int to) {
        return block[colon] == ':'
                && (colon + 1 == to || HeaderSyntax.decimal(block, colon + 1, to) >= 0);
    }

    private static int hostEnd(byte[] block, int from, int to) {
        return from < to && block[from] == '['
                ? literalEnd(block, from, to)
                : nameEnd(block, from, to);
    }

    /// The index after an IPv6 address in brackets; `from` when it is none.
    private static int literalEnd(byte[] block, int from, int to) {
        int at = from + 1;
        while (at < to && (Ascii.isHex(block[at]) || block[at] == ':' || block[at] == '.')) {
            at++;
        }
        return at < to && block[at] == ']' && at > from + 2 ? at + 1 : from;
    }

    /// The index after a registered name or an IPv4 address.
    private static int nameEnd(byte[] block, int from, int to) {
        int at = from;
        while (at < to) {
            int next = at + characterLength(block, at, to);
            if (next == at) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private static int characterLength(byte[] block, int at, int to) {
        byte octet = block[at];
        if (octet == '%') {
            boolean encoded =
                    to - at > 2 && Ascii.isHex(block[at + 1]) && Ascii.isHex(block[at + 2]);
            return encoded ? 3 : 0;
        }
        return Ascii.isAlphanumeric(octet) || NAME_EXTRAS.indexOf(octet) >= 0 ? 1 : 0;
    }
}
