package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.DateHeader;
import java.time.Instant;
import java.util.Arrays;

/// What tests of the response encoder have in common: requests to answer, a fixed date, and what
/// has reached the wire.
abstract class ResponseFixture {
    static final DateHeader DATE = new DateHeader(() -> Instant.parse("1994-11-06T08:49:37Z"));

    static final String OURS = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nserver: spvn\r\n";

    static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    static final String GET_CLOSE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n";
    static final String GET_10 = "GET / HTTP/1.0\r\n\r\n";
    static final String GET_10_KEEP = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
    static final String HEAD_10_KEEP = "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    static final String CONNECT = "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n";
    static final long STREAMED = -1;

    final StringBuilder wire = new StringBuilder();
    final WireBuffer out = new WireBuffer(64);

    ResponseFixture() {
        out.attach((bytes, length) -> wire.append(Heads.text(bytes, 0, length)));
    }

    ResponseEncoder respond(
            String request, int status, String headers, long known, String... pieces) {
        ResponseEncoder encoder = encoder(request, true);
        run(encoder, status, headers, known, pieces);
        return encoder;
    }

    /// Encodes a response whose body comes in pieces, the last of which ends it.
    void run(ResponseEncoder encoder, int status, String headers, long known, String... pieces) {
        encoder.start(start(status, headers), known, out);
        for (int i = 0; i < pieces.length; i++) {
            encoder.body(body(pieces[i], i + 1 < pieces.length), out);
        }
        assertTrue(encoder.complete());
    }

    static ResponseEncoder encoder(String request, boolean keepAliveAllowed) {
        return new ResponseEncoder(Heads.parse(request), DATE, keepAliveAllowed);
    }

    static Outbound.ResponseStart start(int status, String headers) {
        byte[][] pairs =
                headers.lines()
                        .flatMap(line -> Arrays.stream(line.split(": ", 2)))
                        .map(Heads::bytes)
                        .toArray(byte[][]::new);
        return new Outbound.ResponseStart(status, Headers.of(pairs));
    }

    static Outbound.ResponseBody body(String text, boolean more) {
        return new Outbound.ResponseBody(Payload.of(Heads.bytes(text)), more);
    }

    void assertWire(String status, String headers, String body) {
        out.flush();
        assertEquals("HTTP/1.1 " + status + "\r\n" + headers + "\r\n" + body, wire.toString());
    }

    static void assertReusable(ResponseEncoder encoder) {
        assertFalse(encoder.closeAfter() || encoder.incomplete());
        assertTrue(encoder.complete());
    }
}
