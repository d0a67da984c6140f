package io.spvn.server.http2;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Connection;
import io.spvn.server.http.HttpError;
import io.spvn.server.proxy.Forwarding;
import io.spvn.server.websocket.Handshake;
import io.spvn.server.websocket.HandshakeError;
import io.spvn.server.websocket.WebSockets;

/// Serves WebSockets on the streams of one connection (RFC 8441): each is a [Tunnel], on which the
/// protocol is what it is on a connection of its own. The reader's thread.
final class WebSocketStreams {
    private final Connection connection;
    private final Http2Connection owner;
    private final WebSockets sockets;

    WebSocketStreams(Connection connection, Http2Connection owner, WebSockets sockets) {
        this.connection = connection;
        this.owner = owner;
        this.sockets = sockets;
    }

    /// What a client asks for with an extended CONNECT.
    ///
    /// @throws HttpError when it is not a WebSocket, for any other protocol is unknown here (RFC
    ///   9220 3), or breaks one of [HandshakeRules]
    static Handshake handshake(Http2Head head) {
        if (!head.asksForWebSocket()) {
            throw new HttpError(Rejected.UNSUPPORTED, "CONNECT is served for WebSockets alone");
        }
        try {
            return Handshake.overHttp2(head.headers());
        } catch (HandshakeError broken) {
            // 426 would have to name what to upgrade to, for which HTTP/2 has no field
            throw new HttpError(broken.rule().counted(), broken.rule().reason());
        }
    }

    /// Serves one on a stream that has just been begun.
    ///
    /// @param seen the request as its client has made it
    void open(Http2Stream stream, Http2Head head, Handshake handshake, Forwarding.Request seen) {
        var tunnel = new Tunnel(connection, owner, stream);
        var answer = new Http2HandshakeAnswer(head, handshake, tunnel);
        var scope = head.webSocketScope(seen.peers(), seen.headers(), handshake.subprotocols());
        connection.carry(tunnel, inner -> sockets.open(inner, scope, answer));
    }
}
