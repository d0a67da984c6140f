package io.spvn.server.http2;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.DetailPage;
import io.spvn.server.websocket.Extension;
import io.spvn.server.websocket.Handshake;
import io.spvn.server.websocket.HandshakeAnswer;
import io.spvn.server.websocket.PerMessageDeflate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a request for a WebSocket over HTTP/2 (RFC 8441 5): the response to an extended
/// CONNECT, which is the stream's and not among the bytes of the tunnel.
final class Http2HandshakeAnswer implements HandshakeAnswer {
    private static final int OK = 200;

    private final Http2Head head;
    private final Handshake handshake;
    private final Tunnel tunnel;
    private int status;
    private long content;
    private boolean complete;

    Http2HandshakeAnswer(Http2Head head, Handshake handshake, Tunnel tunnel) {
        this.head = head;
        this.handshake = handshake;
        this.tunnel = tunnel;
    }

    @Override
    public List<Extension> extensions() {
        return handshake.extensions();
    }

    @Override
    public void accept(
            Outbound.Accept accept, @Nullable PerMessageDeflate deflate, WireBuffer out) {
        status = OK;
        Headers agreed = handshake.agreed(accept.subprotocol(), deflate);
        tunnel.say(new Outbound.ResponseStart(OK, agreed.with(accept.headers())));
        tunnel.say(new Outbound.ResponseBody(Payload.EMPTY, true));
    }

    @Override
    public void start(Outbound.ResponseStart start, long knownLength, WireBuffer out) {
        status = start.status();
        tunnel.say(start);
    }

    /// What the stream keeps of it is a copy.
    @Override
    public void body(Outbound.ResponseBody body, WireBuffer out) {
        Payload data = body.data();
        byte[] copy = new byte[Math.toIntExact(data.length())];
        data.copyTo(0, copy, 0, copy.length);
        content += copy.length;
        complete = !body.more();
        tunnel.say(new Outbound.ResponseBody(Payload.of(copy), body.more()));
    }

    @Override
    public void refuse(Rejected reason, String detail, WireBuffer out) {
        DetailPage page = DetailPage.of(reason, detail, head.headers());
        start(new Outbound.ResponseStart(page.status(), page.headers()), page.text().length(), out);
        body(new Outbound.ResponseBody(page.text(), false), out);
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long content() {
        return content;
    }

    @Override
    public Access.Request asked() {
        return head.asked();
    }
}
