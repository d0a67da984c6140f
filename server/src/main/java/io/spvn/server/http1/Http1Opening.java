package io.spvn.server.http1;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.DetailPage;
import io.spvn.server.http.HttpError;
import io.spvn.server.websocket.Handshake;
import io.spvn.server.websocket.Opening;
import io.spvn.server.websocket.PerMessageDeflate;
import org.jspecify.annotations.Nullable;

/// The answer to a request for a WebSocket over HTTP/1.1. A client that does not get one is sent
/// away: what else it has sent was not meant as a request.
final class Http1Opening implements Opening {
    private final RequestHead head;
    private final Handshake handshake;
    private final ResponseEncoder encoder;

    Http1Opening(DateHeader date, RequestHead head, Handshake handshake) {
        this.head = head;
        this.handshake = handshake;
        this.encoder = new ResponseEncoder(head, date, false);
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
        if (detail.isEmpty()) {
            encoder.refuse(new HttpError(reason, reason.message()), out);
        } else {
            encoder.refuse(DetailPage.of(reason, detail, head.headers()), out);
        }
    }

    @Override
    public boolean isComplete() {
        return encoder.complete();
    }

    @Override
    public int status() {
        return encoder.status();
    }
}
