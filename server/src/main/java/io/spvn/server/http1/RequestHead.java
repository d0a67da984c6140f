package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.CONNECTION;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Access;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.HostField;
import io.spvn.server.http.ListField;
import io.spvn.server.http.Methods;
import io.spvn.server.http.RequestIds;
import io.spvn.server.http.RequestTarget;
import io.spvn.server.http.RequestWishes;
import io.spvn.server.websocket.Handshake;
import java.util.Arrays;
import java.util.List;

/// A request head that broke no rule: bytes, cut at the right places, and what they mean for the
/// connection. Its headers are as the app shall see them.
final class RequestHead {
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] CLOSE = Ascii.bytes("close");

    private final String method;
    private final int methodEnd;
    private final int targetEnd;
    private final RequestTarget target;
    private final Headers headers;
    private final Framing framing;
    private final boolean http10;
    private final boolean keepAlive;
    private final String id;

    /// The head whose fields are given, and whose request line is at the start of their block: the
    /// method up to `methodEnd`, a space, the target up to `targetEnd`. Refused by [HeadRules] and
    /// [io.spvn.server.http.RequestRules].
    RequestHead(Headers fields, int methodEnd, int targetEnd, boolean http10) {
        byte[] block = fields.block();
        this.method = Methods.of(block, methodEnd);
        this.methodEnd = methodEnd;
        this.targetEnd = targetEnd;
        this.target = RequestTarget.of(method, block, methodEnd + 1, targetEnd);
        this.framing = Framing.of(fields, http10);
        this.headers = HostField.effective(fields, target, !http10);
        this.http10 = http10;
        this.keepAlive = keepAlive(fields, method, http10);
        this.id = "";
    }

    private RequestHead(RequestHead head, Headers headers, String id) {
        this.method = head.method;
        this.methodEnd = head.methodEnd;
        this.targetEnd = head.targetEnd;
        this.target = head.target;
        this.framing = head.framing;
        this.headers = headers;
        this.http10 = head.http10;
        this.keepAlive = head.keepAlive;
        this.id = id;
    }

    /// The same request with an id, which the app is told as well.
    RequestHead identified(RequestIds ids) {
        String given = ids.of(headers);
        return new RequestHead(this, RequestIds.with(headers, given), given);
    }

    /// By which logs name it, "" for none.
    String id() {
        return id;
    }

    /// As it was sent, in upper case.
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

    /// What was asked, as logs tell it.
    Access.Request asked() {
        return new Access.Request(
                headers, methodEnd, targetEnd, http10 ? "HTTP/1.0" : "HTTP/1.1", id);
    }

    Framing framing() {
        return framing;
    }

    boolean http10() {
        return http10;
    }

    boolean isHead() {
        return method.equals(Methods.HEAD);
    }

    boolean isConnect() {
        return method.equals(Methods.CONNECT);
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
                && RequestWishes.waitsForLeave(headers);
    }

    /// What the app is called with.
    Scope.Http scope(Peers peers) {
        return scope(peers, headers);
    }

    /// The same, for a client behind a proxy.
    ///
    /// @param seen as the app shall see them
    Scope.Http scope(Peers peers, Headers seen) {
        return target.scope(http10 ? "1.0" : "1.1", method, seen, peers);
    }

    /// Whether it asks for a WebSocket in place of a response.
    boolean asksForWebSocket() {
        return Handshake.isAskedFor(method, http10, headers);
    }

    /// What the app is called with when it is to have one.
    ///
    /// @param seen headers as the app shall see them
    Scope.WebSocket webSocketScope(Peers peers, Headers seen, List<String> subprotocols) {
        return target.webSocketScope("1.1", seen, subprotocols, peers);
    }

    private static boolean keepAlive(Headers headers, String method, boolean http10) {
        return !method.equals(Methods.CONNECT)
                && (!http10 || ListField.contains(headers, CONNECTION, KEEP_ALIVE))
                && !ListField.contains(headers, CONNECTION, CLOSE);
    }
}
