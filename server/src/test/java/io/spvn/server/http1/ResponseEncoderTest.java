package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.DetailPage;
import io.spvn.server.http.HttpError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseEncoderTest extends ResponseFixture {
    private static final long OVER_TWO_GIB = (1L << 31) + 5;

    @Test
    void clientThatCloses_isToldSo() {
        var encoder = respond(GET_CLOSE, 200, "", 0, "");
        assertWire("200 OK", "content-length: 0\r\n" + OURS + "connection: close\r\n", "");
        assertTrue(encoder.closeAfter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "keep-alive, close"})
    void appThatCloses_isObeyed(String connection) {
        var encoder = respond(GET, 200, "connection: " + connection, 0, "");
        assertWire("200 OK", "content-length: 0\r\n" + OURS + "connection: close\r\n", "");
        assertTrue(encoder.closeAfter());
    }

    @Test
    void serverThatCloses_saysSo() {
        var encoder = encoder(GET, false);
        run(encoder, 200, "", 0, "");
        assertWire("200 OK", "content-length: 0\r\n" + OURS + "connection: close\r\n", "");
        assertTrue(encoder.closeAfter());
    }

    @Test
    void keepAliveOfTheApp_isNotItsToSay() {
        respond(GET_CLOSE, 200, "connection: keep-alive", 0, "");
        assertWire("200 OK", "content-length: 0\r\n" + OURS + "connection: close\r\n", "");
    }

    @Test
    void otherConnectionOptions_pass() {
        respond(GET, 426, "upgrade: websocket\r\nconnection: upgrade", 0, "");
        assertWire(
                "426 Upgrade Required",
                "upgrade: websocket\r\nconnection: upgrade\r\ncontent-length: 0\r\n" + OURS,
                "");
    }

    @Test
    void http10_isClosedByDefault() {
        var encoder = respond(GET_10, 200, "", 5, "hello");
        assertWire("200 OK", "content-length: 5\r\n" + OURS + "connection: close\r\n", "hello");
        assertTrue(encoder.closeAfter());
    }

    @Test
    void http10_thatAskedForIt_isKeptAndTold() {
        var encoder = respond(GET_10_KEEP, 200, "", 5, "hello");
        assertWire(
                "200 OK", "content-length: 5\r\n" + OURS + "connection: keep-alive\r\n", "hello");
        assertReusable(encoder);
    }

    @Test
    void dateAndServerOfTheApp_areTheOnlyOnes() {
        respond(GET, 200, "server: mine\r\ndate: today", 0, "");
        assertWire("200 OK", "server: mine\r\ndate: today\r\ncontent-length: 0\r\n", "");
    }

    @Test
    void repeatedFields_stayApartAndInOrder() {
        String cookies = "set-cookie: b=2\r\nx: \u00e9\r\nset-cookie: a=1\r\nempty: \r\n";
        respond(GET, 200, cookies, 0, "");
        assertWire("200 OK", cookies + "content-length: 0\r\n" + OURS, "");
    }

    @Test
    void statusWithoutReason_keepsTheSpace() {
        respond(GET, 299, "", 0, "");
        assertWire("299 ", "content-length: 0\r\n" + OURS, "");
    }

    @Test
    void error_isATextAndEndsTheConnection() {
        new ResponseEncoder(null, DATE, false)
                .refuse(new HttpError(Rejected.HEAD_TOO_LARGE, "too large"), out);
        assertWire(
                "431 Request Header Fields Too Large",
                "content-type: text/plain; charset=utf-8\r\ncontent-length: 9\r\n"
                        + OURS
                        + "connection: close\r\n",
                "too large");
    }

    @Test
    void refusal_keepsTheConnection() {
        var encoder = encoder(GET, true);
        encoder.refuse(new HttpError(Rejected.QUEUE_FULL, "busy"), out);
        assertWire(
                "503 Service Unavailable",
                "content-type: text/plain; charset=utf-8\r\nretry-after: 1\r\n"
                        + "content-length: 4\r\n"
                        + OURS,
                "busy");
        assertReusable(encoder);
    }

    @Test
    void refusalWithADetail_isThePage() {
        var encoder = encoder(GET, true);
        encoder.refuse(DetailPage.of(Rejected.APP_BROKEN, "why", Headers.EMPTY), out);
        assertWire(
                "503 Service Unavailable",
                "content-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n"
                        + "x-content-type-options: nosniff\r\ncontent-length: 31\r\n"
                        + OURS,
                "The app cannot be started\n\nwhy\n");
        assertReusable(encoder);
    }

    @Test
    void refusalOfHead_hasNoBody() {
        var encoder = encoder(HEAD, true);
        encoder.refuse(new HttpError(Rejected.APP_FAILED, "failed"), out);
        assertWire(
                "500 Internal Server Error",
                "content-type: text/plain; charset=utf-8\r\ncontent-length: 6\r\n" + OURS,
                "");
        assertReusable(encoder);
    }

    @Test
    void refusalThatBlamesTheRequest_endsTheConnection() {
        var encoder = encoder(GET, true);
        encoder.refuse(new HttpError(Rejected.MALFORMED, "bad"), out);
        assertTrue(encoder.closeAfter());
    }

    @Test
    void continue100_isAWholeInterimResponse() {
        ResponseEncoder.continue100(out);
        out.flush();
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", wire.toString());
    }

    @Test
    void response_isCompleteWithItsLastEvent() {
        var encoder = encoder(GET, true);
        assertFalse(encoder.complete());
        encoder.start(start(200, "content-length: 9"), STREAMED, out);
        encoder.body(body("a", true), out);
        assertFalse(encoder.complete() || encoder.incomplete() || encoder.closeAfter());
        encoder.body(body("b", false), out);
        assertTrue(encoder.complete());
    }

    @Test
    void eventsOutOfOrder_areRefused() {
        var encoder = encoder(GET, true);
        assertThrows(IllegalStateException.class, () -> encoder.body(body("", true), out));
        encoder.start(start(200, ""), 0, out);
        assertThrows(IllegalStateException.class, () -> encoder.start(start(200, ""), 0, out));
        encoder.body(body("", false), out);
        assertThrows(IllegalStateException.class, () -> encoder.body(body("", false), out));
    }

    @Test
    void payload_isNotReleased() {
        var payload = new CountingPayload(3);
        var encoder = encoder(GET, true);
        encoder.start(start(200, ""), 3, out);
        encoder.body(new Outbound.ResponseBody(payload, false), out);
        assertEquals(0, payload.releases);
    }

    @Test
    void smallResponse_isOneWrite() {
        List<Integer> writes = new ArrayList<>();
        var large = new WireBuffer(4096);
        large.attach((_, length) -> writes.add(length));
        var encoder = encoder(GET, true);
        encoder.start(start(200, ""), 5, large);
        encoder.body(body("hello", false), large);
        assertEquals(List.of(), writes);
        large.flush();
        assertEquals(1, writes.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {STREAMED, OVER_TWO_GIB})
    void bodyOfOverTwoGib_isWhole(long known) {
        var written = new AtomicLong();
        var large = new WireBuffer(64 * 1024);
        large.attach((_, length) -> written.addAndGet(length));
        var encoder = encoder(GET, true);
        encoder.start(start(200, ""), known, large);
        large.flush();
        long head = written.get();
        var body = new CountingPayload(OVER_TWO_GIB);
        encoder.body(new Outbound.ResponseBody(body, false), large);
        large.flush();
        long framing = known == STREAMED ? "80000005\r\n\r\n0\r\n\r\n".length() : 0;
        assertEquals(OVER_TWO_GIB + framing, written.get() - head);
        assertReusable(encoder);
    }

    private static final class CountingPayload implements Payload {
        private final long length;
        private int releases;

        CountingPayload(long length) {
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void copyTo(long from, byte[] target, int at, int count) {}

        @Override
        public int heapBytes() {
            return 0;
        }

        @Override
        public void release() {
            releases++;
        }
    }

    private static final Headers TRAILERS = Headers.of(Heads.bytes("x-sum"), Heads.bytes("1"));

    private ResponseEncoder trailed(String request, String headers) {
        ResponseEncoder encoder = encoder(request, true);
        encoder.start(start(200, headers), STREAMED, out);
        encoder.body(body("all", true), out);
        encoder.trailers(TRAILERS);
        encoder.body(body("", false), out);
        return encoder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TE: trailers", "te: gzip, Trailers", "TE: gzip\r\nTE: trailers"})
    void trailers_forAClientThatWantsThem_standBehindTheLastChunk(String field) {
        String request = "GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
        assertReusable(trailed(request, ""));
        assertWire(
                "200 OK",
                "transfer-encoding: chunked\r\n" + OURS,
                "3\r\nall\r\n0\r\nx-sum: 1\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: y", "TE: gzip", "TE: trailers;q=0"})
    void trailers_forAnyOther_areLost(String field) {
        String request = "GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
        assertReusable(trailed(request, ""));
        assertWire("200 OK", "transfer-encoding: chunked\r\n" + OURS, "3\r\nall\r\n0\r\n\r\n");
    }

    @Test
    void trailers_withALength_areLost() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n";
        assertReusable(trailed(request, "content-length: 3"));
        assertWire("200 OK", "content-length: 3\r\n" + OURS, "all");
    }

    @Test
    void trailers_toHead_areLost() {
        String request = "HEAD / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n";
        assertReusable(trailed(request, ""));
        assertWire("200 OK", "transfer-encoding: chunked\r\n" + OURS, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, GET_10})
    void earlyHints_areForHttp11(String request) {
        Headers links = Headers.of(Heads.bytes("link"), Heads.bytes("</a>"));
        ResponseEncoder.earlyHints(Heads.parse(request), links, out);
        out.flush();
        String expected =
                request.equals(GET_10) ? "" : "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
        assertEquals(expected, wire.toString());
    }
}
