package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http2.FrameClient.Frame;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Requests and responses of HTTP/2 over a real connection.
class Http2ConnectionTest extends Http2Fixture {
    /// More than may be open or untold at a time.
    private static final int LONG_TURN = 20;

    @Test
    void aRequest_isAnsweredOnItsStream() throws Exception {
        greet();
        client.get(1, "x-a", "b");
        HttpExchange exchange = taken();
        assertEquals("2", exchange.scope().httpVersion());
        start(exchange, "x-b", "c", "connection", "close", "keep-alive", "5");
        body(exchange, 5, false);
        Frame head = client.await(FrameType.HEADERS);
        var fields = client.fields(head);
        assertEquals("200", fields.get(":status"));
        assertEquals("5", fields.get("content-length"));
        assertEquals("c", fields.get("x-b"));
        assertEquals("spvn", fields.get("server"));
        assertNull(fields.get("connection"));
        assertNull(fields.get("keep-alive"));
        Frame data = client.await(FrameType.DATA);
        assertEquals(5, data.payload().length);
        assertTrue(data.is(END));
    }

    @Test
    void headers_ofManyRequests_areEncodedInTheOrderOfTheWire() throws Exception {
        greet();
        for (int stream = 1; stream < 40; stream += 2) {
            client.get(stream);
            HttpExchange exchange = taken();
            start(exchange, "cache-control", "max-age=" + stream % 6, "set-cookie", "a=" + stream);
            body(exchange, 1, false);
            var fields = client.fields(client.await(FrameType.HEADERS));
            assertEquals("max-age=" + stream % 6, fields.get("cache-control"));
            assertEquals("a=" + stream, fields.get("set-cookie"));
        }
    }

    @Test
    void aStreamWithoutWindow_holdsUpNoOther_andIsResetInTime() throws Exception {
        greet(PeerSettings.INITIAL_WINDOW_SIZE, 10);
        client.get(1);
        answer(taken(), 1000);
        assertEquals(10, client.await(FrameType.DATA).payload().length);
        client.get(3);
        answer(taken(), 10);
        Frame other = client.await(FrameType.DATA);
        assertEquals(3, other.stream());
        assertTrue(other.is(END));
        time.pass(LONG.plusSeconds(10));
        Frame reset = client.await(FrameType.RST_STREAM);
        assertEquals(1, reset.stream());
        assertTrue(refused.contains(Rejected.WRITE_TIMEOUT));
        client.get(5);
        answer(taken(), 1);
        assertEquals(5, client.await(FrameType.HEADERS).stream());
    }

    @Test
    void streams_withoutWindowOfTheConnection_goOnWhenThereIsSome() throws Exception {
        greet(PeerSettings.INITIAL_WINDOW_SIZE, 1 << 20);
        client.get(1);
        answer(taken(), 100_000);
        int got = 0;
        while (got < SendWindow.INITIAL) {
            got += client.await(FrameType.DATA).payload().length;
        }
        assertEquals(SendWindow.INITIAL, got);
        client.windowUpdate(0, 50_000);
        Frame next = client.await(FrameType.DATA);
        while (!next.is(END)) {
            got += next.payload().length;
            next = client.await(FrameType.DATA);
        }
        assertEquals(100_000, got + next.payload().length);
    }

    @Test
    void theMostUrgent_isWrittenFirst() throws Exception {
        greet(PeerSettings.INITIAL_WINDOW_SIZE, 0);
        client.get(1, "priority", "u=5");
        answer(taken(), 20_000);
        client.get(3, "priority", "u=1");
        answer(taken(), 20_000);
        assertEquals(1, client.await(FrameType.HEADERS).stream());
        assertEquals(3, client.await(FrameType.HEADERS).stream());
        client.settings(PeerSettings.INITIAL_WINDOW_SIZE, 30_000);
        assertEquals(3, client.await(FrameType.DATA).stream());
        assertEquals(3, client.await(FrameType.DATA).stream());
        assertEquals(1, client.await(FrameType.DATA).stream());
    }

    @Test
    void anUpload_getsWindowBack_asTheAppTakesIt() throws Exception {
        greet();
        client.post(1);
        HttpExchange exchange = taken();
        for (int i = 0; i < ReceiveWindow.OF_STREAM / 16384; i++) {
            client.frame(FrameType.DATA, 0, 1, new byte[16384]);
        }
        client.frame(FrameType.PING, 0, 0, new byte[8]);
        Frame next = client.read();
        assertNotNull(next, "the connection has ended");
        assertEquals(FrameType.PING, next.type());
        int taken = 0;
        while (taken < ReceiveWindow.OF_STREAM) {
            var piece = assertInstanceOf(Inbound.RequestBody.class, exchange.receive());
            taken += piece.parts().stream().mapToInt(part -> part.length).sum();
        }
        assertEquals(1, client.await(FrameType.WINDOW_UPDATE).stream());
        client.frame(FrameType.DATA, END, 1, new byte[1]);
        answer(exchange, 1);
        assertEquals(1, client.await(FrameType.DATA).stream());
    }

    @Test
    void moreThanTheWindow_resetsTheStream() throws Exception {
        greet();
        client.post(1);
        HttpExchange exchange = taken();
        for (int i = 0; i <= ReceiveWindow.OF_STREAM / 16384; i++) {
            client.frame(FrameType.DATA, 0, 1, new byte[16384]);
        }
        Frame reset = client.await(FrameType.RST_STREAM);
        assertEquals(ErrorCode.FLOW_CONTROL_ERROR.number(), reset.int32(0));
        assertTrue(exchange.isGone());
    }

    @Test
    void anEarlyAnswer_tellsTheClientToStop() throws Exception {
        greet();
        client.post(1);
        answer(taken(), 1);
        assertTrue(client.await(FrameType.DATA).is(END));
        Frame reset = client.await(FrameType.RST_STREAM);
        assertEquals(ErrorCode.NO_ERROR.number(), reset.int32(0));
        client.frame(FrameType.DATA, END, 1, new byte[100]); // was on its way
        client.get(3);
        answer(taken(), 1);
        assertEquals(3, client.await(FrameType.DATA).stream());
    }

    @Test
    void aResponseThatIsBrokenOff_endsItsStreamAlone() throws Exception {
        greet();
        client.get(1);
        HttpExchange exchange = taken();
        start(exchange, "content-length", "10");
        body(exchange, 5, true);
        assertTrue(exchange.appEnded(true));
        exchange.transport().write(exchange);
        Frame reset = client.await(FrameType.RST_STREAM);
        assertEquals(ErrorCode.INTERNAL_ERROR.number(), reset.int32(0));
        client.get(3);
        answer(taken(), 1);
        assertEquals(3, client.await(FrameType.DATA).stream());
    }

    @Test
    void aClientThatResets_isGoneForThatRequestAlone() throws Exception {
        greet();
        client.get(1);
        client.get(3);
        HttpExchange first = taken();
        HttpExchange second = taken();
        client.frame(FrameType.RST_STREAM, 0, 1, FrameClient.int32(ErrorCode.CANCEL.number()));
        client.frame(FrameType.PING, 0, 0, new byte[8]);
        client.await(FrameType.PING);
        assertTrue(first.isGone());
        answer(second, 1);
        assertEquals(3, client.await(FrameType.DATA).stream());
    }

    @Test
    void requestsAboveTheLimit_areRefused_andNothingElse() throws Exception {
        greet();
        for (int stream = 1; stream <= 9; stream += 2) {
            client.get(stream);
        }
        Frame reset = client.await(FrameType.RST_STREAM);
        assertEquals(9, reset.stream());
        assertEquals(ErrorCode.REFUSED_STREAM.number(), reset.int32(0));
        for (int stream = 1; stream <= 7; stream += 2) {
            answer(taken(), 1);
        }
        assertEquals(List.of(Rejected.TOO_MANY_STREAMS), refused);
    }

    @Test
    void aHeadThatIsTooLarge_is431_andTheConnectionLives() throws Exception {
        greet();
        client.get(1, "x-large", "x".repeat(8000));
        assertEquals("431", client.fields(client.await(FrameType.HEADERS)).get(":status"));
        client.get(3);
        answer(taken(), 1);
        assertEquals(3, client.await(FrameType.HEADERS).stream());
    }

    @Test
    void aBodyThatIsDeclaredTooLarge_is413() throws Exception {
        greet();
        client.post(1, "content-length", "1000001");
        assertEquals("413", client.fields(client.await(FrameType.HEADERS)).get(":status"));
        assertEquals(List.of(Rejected.BODY_TOO_LARGE), refused);
    }

    @Test
    void aResponseWhoseStreamIsEnteredAgain_isToldOfOnce() throws Exception {
        greet();
        client.get(1);
        HttpExchange exchange = taken();
        start(exchange);
        exchange.send(
                new Outbound.ResponseBody(
                        new Released(() -> exchange.transport().announce(exchange)), false));
        exchange.transport().write(exchange);
        assertTrue(client.await(FrameType.DATA).is(END));
        client.get(3);
        answer(taken(), 1);
        assertTrue(client.await(FrameType.DATA).is(END));
        while (responded.size() < 2) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(200, 200), List.copyOf(responded));
    }

    @Test
    void aTurnThatDoesNotEnd_tellsOfResponsesOnTheWay() throws Exception {
        greet();
        client.get(1);
        HttpExchange first = taken();
        respondAndAskAgain(first, 1);
        first.transport().write(first);
        int ended = 0;
        while (ended < LONG_TURN) {
            ended += client.await(FrameType.DATA).is(END) ? 1 : 0;
        }
        assertEquals(List.of(), refused);
    }

    /// A response; once it is written the client asks again, and gets the next in the same turn.
    private void respondAndAskAgain(HttpExchange exchange, int stream) {
        Runnable next =
                () -> {
                    if (stream < 2 * LONG_TURN - 1) {
                        try {
                            client.get(stream + 2);
                            HttpExchange following = taken();
                            respondAndAskAgain(following, stream + 2);
                            following.transport().announce(following);
                        } catch (IOException | InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                };
        start(exchange);
        exchange.send(new Outbound.ResponseBody(new Released(next), false));
    }

    /// A byte, and what happens when it has been written.
    private record Released(Runnable then) implements Payload {
        @Override
        public long length() {
            return 1;
        }

        @Override
        public void copyTo(long from, byte[] target, int at, int count) {}

        @Override
        public int heapBytes() {
            return 1;
        }

        @Override
        public void release() {
            then.run();
        }
    }
}
