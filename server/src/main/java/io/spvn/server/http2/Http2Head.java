package io.spvn.server.http2;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Access;
import io.spvn.server.http.Methods;
import io.spvn.server.http.RequestIds;
import io.spvn.server.http.RequestTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request head that broke no rule: pseudo-header fields by their names, and headers as the app
/// shall see them. Made by [HeadMaker].
///
/// @param scheme as the client says, "" for a CONNECT without protocol
/// @param protocol of an extended CONNECT (RFC 8441), null for any other request
/// @param headers whose block begins with method, space and target
/// @param methodEnd where the method ends in there
/// @param targetEnd where the target ends in there
/// @param contentLength that the client has declared, [ContentLength#NONE] when it has not
/// @param expectsContinue whether the client waits for `100 Continue` (RFC 9110 10.1.1), if it has
///   a body to send
/// @param id by which logs name it, "" for none
record Http2Head(
        String method,
        String scheme,
        @Nullable String protocol,
        RequestTarget target,
        Headers headers,
        int methodEnd,
        int targetEnd,
        long contentLength,
        boolean expectsContinue,
        String id) {
    private static final String VERSION = "2";

    /// The same request with an id, which the app is told as well.
    Http2Head identified(RequestIds ids) {
        String given = ids.of(headers);
        return new Http2Head(
                method,
                scheme,
                protocol,
                target,
                RequestIds.with(headers, given),
                methodEnd,
                targetEnd,
                contentLength,
                expectsContinue,
                given);
    }

    /// Method and target as received, printable.
    String line() {
        return Printable.line(headers.block(), 0, targetEnd);
    }

    /// What was asked, as logs tell it.
    Access.Request asked() {
        return new Access.Request(headers, methodEnd, targetEnd, "HTTP/2", id);
    }

    boolean isHead() {
        return method.equals(Methods.HEAD);
    }

    boolean isConnect() {
        return method.equals(Methods.CONNECT);
    }

    /// Whether it asks for a WebSocket (RFC 8441 5).
    boolean asksForWebSocket() {
        return "websocket".equalsIgnoreCase(protocol);
    }

    /// What the app is called with.
    ///
    /// @param seen headers as the app shall see them
    Scope.Http scope(Peers peers, Headers seen) {
        return target.scope(VERSION, method, seen, peers);
    }

    /// What the app is called with when it is to have a WebSocket.
    ///
    /// @param seen headers as the app shall see them
    Scope.WebSocket webSocketScope(Peers peers, Headers seen, List<String> subprotocols) {
        return target.webSocketScope(VERSION, seen, subprotocols, peers);
    }
}
