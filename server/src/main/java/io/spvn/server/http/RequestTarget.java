package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import java.util.Arrays;
import java.util.List;

/// The request target, in one of its four forms (RFC 9112 3.2): a path, an http URI, host:port for
/// CONNECT, or the asterisk of OPTIONS. Path and query are bytes as received.
public final class RequestTarget {
    private static final byte[] NO_QUERY = {};
    private static final byte[] ROOT = {'/'};
    private static final byte[] ASTERISK = {'*'};
    private static final byte[] HTTP = Ascii.bytes("http://");
    private static final byte[] HTTPS = Ascii.bytes("https://");

    private final byte[] path;
    private final byte[] query;
    private final int hostStart;
    private final int hostEnd;

    private RequestTarget(byte[] path, byte[] query, int hostStart, int hostEnd) {
        this.path = path;
        this.query = query;
        this.hostStart = hostStart;
        this.hostEnd = hostEnd;
    }

    /// The first index that cannot belong to a target: a space, a control character or the `#` of a
    /// fragment. Characters that should be percent-encoded are left to the app, like other servers
    /// do.
    public static int end(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to && isTarget(buffer[at])) {
            at++;
        }
        return at;
    }

    private static boolean isTarget(byte octet) {
        return octet < 0 || (octet > ' ' && octet != '#' && octet != 0x7F);
    }

    /// The target between two indexes of a head.
    public static RequestTarget of(String method, byte[] head, int from, int to) {
        if (method.equals(Methods.CONNECT)) {
            return authority(head, from, to);
        }
        return switch (head[from]) {
            case '/' -> origin(head, from, to, -1, -1);
            case '*' -> asterisk(method, to - from);
            default -> absolute(method, head, from, to);
        };
    }

    public byte[] path() {
        return path;
    }

    /// What the app is called with.
    ///
    /// @param version of HTTP, as ASGI writes it
    /// @param seen headers as the app shall see them
    public Scope.Http scope(String version, String method, Headers seen, Peers peers) {
        return new Scope.Http(
                version, method, PercentCoding.decoded(path), path, query, seen, peers);
    }

    /// What the app is called with when it is to have a WebSocket.
    ///
    /// @param version of HTTP, as ASGI writes it
    /// @param seen headers as the app shall see them
    public Scope.WebSocket webSocketScope(
            String version, Headers seen, List<String> subprotocols, Peers peers) {
        return new Scope.WebSocket(
                version, PercentCoding.decoded(path), path, query, seen, subprotocols, peers);
    }

    public byte[] query() {
        return query;
    }

    /// Whether the target names the host, which then counts instead of the Host header.
    public boolean namesHost() {
        return hostStart >= 0;
    }

    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    private static RequestTarget origin(byte[] head, int from, int to, int hostStart, int hostEnd) {
        int mark = Ascii.indexOf((byte) '?', head, from, to);
        byte[] path = mark == from ? ROOT : Arrays.copyOfRange(head, from, mark);
        byte[] query = mark + 1 >= to ? NO_QUERY : Arrays.copyOfRange(head, mark + 1, to);
        return new RequestTarget(path, query, hostStart, hostEnd);
    }

    /// Only OPTIONS asks the server as a whole (RFC 9112 3.2.4).
    private static RequestTarget asterisk(String method, int length) {
        if (length > 1) {
            throw RequestRules.TARGET_FORM.error();
        }
        if (!method.equals(Methods.OPTIONS)) {
            throw RequestRules.TARGET_ASTERISK.error();
        }
        return new RequestTarget(ASTERISK, NO_QUERY, -1, -1);
    }

    /// What proxies get, and origin servers must accept (RFC 9112 3.2.2). OPTIONS for a URI without
    /// path and query is the asterisk in disguise (RFC 9112 3.2.4).
    private static RequestTarget absolute(String method, byte[] head, int from, int to) {
        int hostStart = from + schemeLength(head, from, to);
        int hostEnd = authorityEnd(head, hostStart, to);
        requireAuthority(head, hostStart, hostEnd);
        if (hostEnd == to && method.equals(Methods.OPTIONS)) {
            return new RequestTarget(ASTERISK, NO_QUERY, hostStart, hostEnd);
        }
        return origin(head, hostEnd, to, hostStart, hostEnd);
    }

    private static int schemeLength(byte[] head, int from, int to) {
        if (Ascii.startsWithIgnoreCase(head, from, to, HTTP)) {
            return HTTP.length;
        }
        if (Ascii.startsWithIgnoreCase(head, from, to, HTTPS)) {
            return HTTPS.length;
        }
        throw RequestRules.TARGET_FORM.error();
    }

    private static int authorityEnd(byte[] head, int from, int to) {
        int slash = Ascii.indexOf((byte) '/', head, from, to);
        return Ascii.indexOf((byte) '?', head, from, slash);
    }

    private static void requireAuthority(byte[] head, int from, int to) {
        if (Ascii.indexOf((byte) '@', head, from, to) < to) {
            throw RequestRules.TARGET_USERINFO.error();
        }
        if (!Authority.isHost(head, from, to)) {
            throw RequestRules.TARGET_AUTHORITY.error();
        }
    }

    /// CONNECT reaches the app, with host:port for a path (RFC 9112 3.2.3).
    private static RequestTarget authority(byte[] head, int from, int to) {
        if (!Authority.isHostAndPort(head, from, to)) {
            throw RequestRules.TARGET_CONNECT.error();
        }
        return new RequestTarget(Arrays.copyOfRange(head, from, to), NO_QUERY, -1, -1);
    }
}
