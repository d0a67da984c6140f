package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.CONNECTION;
import static io.spvn.server.http.FieldNames.EXPECT;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.asgi.Scope;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.HostField;
import io.spvn.server.http.ListField;
import io.spvn.server.http.PercentCoding;
import io.spvn.server.http.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A request head that broke no rule: bytes, cut at the right places, and what they mean for the
/// connection. Its headers are as the app shall see them.
final class RequestHead {
    static final String GET = "GET";
    static final String HEAD = "HEAD";
    static final String POST = "POST";
    static final String PUT = "PUT";
    static final String DELETE = "DELETE";
    static final String OPTIONS = "OPTIONS";
    static final String PATCH = "PATCH";
    static final String CONNECT = "CONNECT";
    static final String TRACE = "TRACE";

    private static final List<String> METHODS =
            List.of(GET, POST, HEAD, PUT, DELETE, OPTIONS, PATCH, CONNECT, TRACE);
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");

    private final String method;
    private final int methodEnd;
    private final int targetEnd;
    private final RequestTarget target;
    private final Headers headers;
    private final Framing framing;
    private final boolean http10;
    private final boolean keepAlive;

    /// The head whose fields are given, and whose request line is at the start of their block: the
    /// method up to `methodEnd`, a space, the target up to `targetEnd`. Refused by [HeadRules].
    RequestHead(Headers fields, int methodEnd, int targetEnd, boolean http10) {
        byte[] block = fields.block();
        this.method = method(block, methodEnd);
        this.methodEnd = methodEnd;
        this.targetEnd = targetEnd;
        this.target = RequestTarget.of(method, block, methodEnd + 1, targetEnd);
        this.framing = Framing.of(fields, http10);
        this.headers = HostField.settled(fields, target, http10);
        this.http10 = http10;
        this.keepAlive = keepAlive(fields, method, http10);
    }

    /// As it was sent. The well-known ones are the constants of this class.
    ///
    /// Methods are case-sensitive (RFC 9110 9.1) while ASGI knows them in upper case alone, so one
    /// with a small letter cannot be told to an app as what it is, and is refused: `head` is not
    /// HEAD.
    String method() {
        return method;
    }

    /// Method and target as received, printable.
    String line() {
        return Printable.line(headers.block(), 0, targetEnd);
    }

    /// The request target as received.
    byte[] target() {
        return Arrays.copyOfRange(headers.block(), methodEnd + 1, targetEnd);
    }

    Headers headers() {
        return headers;
    }

    Framing framing() {
        return framing;
    }

    boolean http10() {
        return http10;
    }

    boolean isHead() {
        return method.equals(HEAD);
    }

    boolean isConnect() {
        return method.equals(CONNECT);
    }

    /// Whether the client lets the connection live on (RFC 9112 9.3). What follows a CONNECT is
    /// meant for a tunnel, so it is never read as a request.
    boolean keepAlive() {
        return keepAlive;
    }

    /// Whether the client waits for `100 Continue` before it sends its body (RFC 9110 10.1.1).
    /// Other expectations are ignored, as are those of HTTP/1.0 clients and of requests without a
    /// body.
    boolean expectsContinue() {
        return !http10
                && !(framing instanceof Framing.None)
                && ListField.contains(headers, EXPECT, CONTINUE);
    }

    /// What the app is called with.
    Scope.Http scope(Peers peers) {
        return new Scope.Http(
                http10 ? "1.0" : "1.1",
                method,
                PercentCoding.decoded(target.path()),
                target.path(),
                target.query(),
                headers,
                peers);
    }

    private static boolean keepAlive(Headers headers, String method, boolean http10) {
        return !method.equals(CONNECT)
                && (!http10 || ListField.contains(headers, CONNECTION, KEEP_ALIVE))
                && !ListField.contains(headers, CONNECTION, CLOSE);
    }

    private static String method(byte[] block, int end) {
        for (String known : METHODS) {
            if (isMethod(known, block, end)) {
                return known;
            }
        }
        for (int at = 0; at < end; at++) {
            if (block[at] >= 'a' && block[at] <= 'z') {
                throw HeadRules.METHOD_CASE.error();
            }
        }
        return new String(block, 0, end, StandardCharsets.US_ASCII);
    }

    private static boolean isMethod(String known, byte[] block, int end) {
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
