package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.body;
import static io.spvn.bridge.exchange.Exchanges.bytes;
import static io.spvn.bridge.exchange.Exchanges.exchange;
import static io.spvn.bridge.exchange.Exchanges.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ExchangeTest {
    private final List<Exchange> wakes = new ArrayList<>();

    @Test
    void receive_bodiless_yieldsOneEmptyFinalEvent() {
        HttpExchange exchange = taken("GET", true);
        assertEquals(new Inbound.RequestBody(List.of(), false), exchange.receive());
        assertNull(exchange.receive());
    }

    @Test
    void receive_nothingThere_wakesOnceWhenItComes() throws InterruptedException {
        HttpExchange exchange = taken("POST", false);
        assertNull(exchange.receive());
        exchange.offer(bytes("ab"));
        exchange.offer(bytes("cd"));
        assertEquals(List.of(exchange), wakes);
        Inbound.RequestBody body = assertInstanceOf(Inbound.RequestBody.class, exchange.receive());
        assertEquals(2, body.parts().size());
        assertTrue(body.more());
    }

    @Test
    void receive_disconnectMidBody_givesWhatCameThenDisconnect() throws InterruptedException {
        HttpExchange exchange = taken("POST", false);
        exchange.offer(bytes("ab"));
        exchange.clientLeft();
        assertTrue(assertInstanceOf(Inbound.RequestBody.class, exchange.receive()).more());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void receive_afterCompleteResponse_disconnect() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("x", false));
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void send_startIsHeldUntilTheFirstBody() {
        HttpExchange exchange = taken("GET", true);
        assertEquals(Sent.HELD, exchange.send(start()));
        assertNull(exchange.nextWrite());
        assertEquals(Sent.READY, exchange.send(body("hello", false)));
        assertEquals(new Write.Start(start(), 5), exchange.nextWrite());
        assertInstanceOf(Write.Body.class, exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    @Test
    void send_streaming_lengthIsUnknown() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("hello", true));
        assertEquals(new Write.Start(start(), -1), exchange.nextWrite());
    }

    @Test
    void cut_startAcceptedButNotTaken_answersInItsPlace() {
        HttpExchange exchange = taken("POST", false);
        exchange.send(start());
        exchange.send(body("x", true));
        exchange.cut(Rejected.BODY_TIMEOUT);
        assertEquals(new Write.Refusal(Rejected.BODY_TIMEOUT), exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    @Test
    void cut_startTaken_aborts() {
        HttpExchange exchange = taken("POST", false);
        exchange.send(start());
        exchange.send(body("x", true));
        exchange.nextWrite();
        exchange.cut(Rejected.BODY_TIMEOUT);
        assertEquals(new Write.Abort(Rejected.BODY_TIMEOUT), exchange.nextWrite());
    }

    @Test
    void continueDue_connectionGone_never() {
        HttpExchange exchange = exchange("POST", true, false);
        exchange.broken();
        assertFalse(exchange.continueDue());
        assertNull(exchange.nextWrite());
    }

    @Test
    void send_moreThanDeclared_violates() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start("content-length", "3"));
        exchange.send(body("abc", true));
        assertThrows(AsgiViolation.class, () -> exchange.send(body("d", false)));
    }

    @Test
    void send_head_mayDeclareAnyLength() {
        HttpExchange exchange = taken("HEAD", true);
        exchange.send(start("content-length", "3"));
        assertEquals(Sent.READY, exchange.send(body("abcdef", false)));
    }

    @Test
    void send_lengthThatIsNoNumber_violates() {
        HttpExchange exchange = taken("GET", true);
        assertThrows(AsgiViolation.class, () -> exchange.send(start("content-length", "+3")));
    }

    @Test
    void send_afterLoss_clientGone() {
        HttpExchange exchange = taken("GET", true);
        exchange.broken();
        assertThrows(ClientGone.class, () -> exchange.send(start()));
        assertThrows(ClientGone.class, exchange::writable);
    }

    @Test
    void send_afterHalfClose_isStillWritten() {
        HttpExchange exchange = taken("GET", true);
        exchange.clientLeft();
        exchange.send(start());
        assertEquals(Sent.READY, exchange.send(body("x", false)));
    }

    @Test
    void broken_releasesWhatWasNotWritten() {
        AtomicInteger released = new AtomicInteger();
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(new Outbound.ResponseBody(counting(released), false));
        exchange.broken();
        exchange.broken();
        assertEquals(1, released.get());
        assertNull(exchange.nextWrite());
    }

    @Test
    void ended_beforeAnyByte_isRefusedWith500() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        assertTrue(exchange.appEnded(false));
        assertEquals(new Write.Refusal(Rejected.APP_FAILED), exchange.nextWrite());
    }

    @Test
    void ended_afterRequestWasCutShort_isRefusedWith400() {
        HttpExchange exchange = taken("POST", false);
        exchange.clientLeft();
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertTrue(exchange.appEnded(false));
        assertEquals(new Write.Refusal(Rejected.MALFORMED), exchange.nextWrite());
    }

    @Test
    void ended_afterClientLeftWithWholeRequest_isRefusedWith500() {
        HttpExchange exchange = taken("GET", true);
        exchange.clientLeft();
        assertTrue(exchange.appEnded(false));
        assertEquals(new Write.Refusal(Rejected.APP_FAILED), exchange.nextWrite());
    }

    @Test
    void ended_midResponse_aborts() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("x", true));
        exchange.nextWrite();
        exchange.nextWrite();
        assertTrue(exchange.appEnded(false));
        assertEquals(new Write.Abort(Rejected.APP_FAILED), exchange.nextWrite());
    }

    @Test
    void ended_afterCompleteResponse_hasNothingToSay() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("x", false));
        assertFalse(exchange.appEnded(false));
    }

    @Test
    void cut_beforeAnyByte_tellsTheClientAndTheApp() {
        HttpExchange exchange = taken("POST", false);
        exchange.send(start());
        exchange.cut(Rejected.MALFORMED);
        assertEquals(new Write.Refusal(Rejected.MALFORMED), exchange.nextWrite());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertThrows(ClientGone.class, () -> exchange.send(body("x", false)));
    }

    @Test
    void continueDue_onlyOnceAndOnlyWhileTheBodyIsWanted() {
        HttpExchange exchange = exchange("POST", true, false);
        exchange.taken(1, wakes::add);
        assertTrue(exchange.continueOutstanding());
        assertNull(exchange.receive());
        assertTrue(exchange.continueDue());
        assertEquals(new Write.Continue(), exchange.nextWrite());
        assertFalse(exchange.continueDue());
        assertFalse(exchange.continueOutstanding());
    }

    @Test
    void continueDue_whileTheStartIsHeld() {
        HttpExchange exchange = exchange("POST", true, false);
        exchange.taken(1, wakes::add);
        exchange.send(start());
        assertNull(exchange.receive());
        assertTrue(exchange.continueDue());
    }

    @Test
    void continueDue_clientThatDidNotWait_isNotTold() throws InterruptedException {
        HttpExchange exchange = exchange("POST", true, false);
        exchange.taken(1, wakes::add);
        exchange.offer(bytes("x"));
        exchange.receive();
        assertNull(exchange.receive());
        assertFalse(exchange.continueDue());
        assertFalse(exchange.continueOutstanding());
    }

    @Test
    void receive_pendingAtTheEndOfTheResponse_wakes() {
        HttpExchange exchange = taken("GET", true);
        exchange.receive();
        assertNull(exchange.receive());
        exchange.send(start());
        exchange.send(body("x", false));
        assertEquals(List.of(exchange), wakes);
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void refuse_afterCut_saysNothingMore() {
        HttpExchange exchange = exchange("POST", false, false);
        exchange.cut(Rejected.MALFORMED);
        exchange.refuse(Rejected.QUEUE_TIMEOUT);
        assertEquals(new Write.Refusal(Rejected.MALFORMED), exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    private HttpExchange taken(String method, boolean bodiless) {
        HttpExchange exchange = exchange(method, false, bodiless);
        exchange.taken(1, wakes::add);
        return exchange;
    }

    private static Payload counting(AtomicInteger released) {
        return new Payload() {
            @Override
            public long length() {
                return 1;
            }

            @Override
            public void copyTo(long from, byte[] target, int at, int count) {}

            @Override
            public int heapBytes() {
                return 0;
            }

            @Override
            public void release() {
                released.incrementAndGet();
            }
        };
    }
}
