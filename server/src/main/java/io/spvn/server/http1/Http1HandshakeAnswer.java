package io.spvn.server.http1;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.websocket.Extension;
import io.spvn.server.websocket.Handshake;
import io.spvn.server.websocket.HandshakeAnswer;
import io.spvn.server.websocket.PerMessageDeflate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a request for a WebSocket over HTTP/1.1. A client that does not get one is sent
/// away: what else it has sent was not meant as a request.
final class Http1HandshakeAnswer implements HandshakeAnswer {
    private final RequestHead head;
    private final ResponseEncoder encoder;
    private final Handshake handshake;

    Http1HandshakeAnswer(RequestHead head, ResponseEncoder encoder, Handshake handshake) {
        this.head = head;
        this.encoder = encoder;
        this.handshake = handshake;
    }

    @Override
    public List<Extension> extensions() {
        return handshake.extensions();
    }

    @Override
    public void accept(
            Outbound.Accept accept, @Nullable PerMessageDeflate deflate, WireBuffer out) {
        encoder.switchProtocols(
                handshake.answer(accept.subprotocol(), deflate), accept.headers(), out);
    }

    @Override
    public void start(Outbound.ResponseStart start, long knownLength, WireBuffer out) {
        encoder.start(start, knownLength, out);
    }

    @Override
    public void body(Outbound.ResponseBody body, WireBuffer out) {
        encoder.body(body, out);
    }

    @Override
    public void refuse(Rejected reason, String detail, WireBuffer out) {
        encoder.refuse(reason, detail, out);
    }

    @Override
    public boolean isComplete() {
        return encoder.complete();
    }

    @Override
    public int status() {
        return encoder.status();
    }

    @Override
    public long content() {
        return encoder.content();
    }

    @Override
    public Access.Request asked() {
        return head.asked();
    }
}
