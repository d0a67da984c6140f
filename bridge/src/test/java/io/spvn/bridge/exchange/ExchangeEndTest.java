package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.body;
import static io.spvn.bridge.exchange.Exchanges.exchange;
import static io.spvn.bridge.exchange.Exchanges.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How an exchange ends when its connection is lost, and when the server stops.
class ExchangeEndTest {
    private static final long GRACE = 1_000_000_000;
    private static final long LONG = Long.MAX_VALUE / 2;

    private final List<Exchange> wakes = new ArrayList<>();

    @Test
    void broken_nobodyWaits_wakesNobody() {
        HttpExchange exchange = taken(true);
        exchange.send(start("content-type", "text/plain"));
        exchange.send(body("x", false));
        exchange.appEnded(false);
        exchange.broken();
        assertEquals(List.of(), wakes);
    }

    @Test
    void broken_appWaitsForTheClient_wakesIt() {
        HttpExchange exchange = taken(true);
        exchange.receive();
        assertNull(exchange.receive());
        exchange.broken();
        assertEquals(List.of(exchange), wakes);
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void broken_appWaitsForRoom_wakesIt() {
        HttpExchange exchange = taken(true);
        exchange.send(start("content-type", "text/plain"));
        exchange.send(
                new Outbound.ResponseBody(
                        Payload.of(new byte[PendingWrites.HIGH_WATER + 1]), true));
        assertTrue(!exchange.writable());
        exchange.broken();
        assertEquals(List.of(exchange), wakes);
    }

    @Test
    void drain_longPoll_isToldAfterTheGrace() {
        HttpExchange exchange = taken(true);
        exchange.receive();
        assertNull(exchange.receive());
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OWN_TASK, GRACE - 1, GRACE));
        assertNull(exchange.receive());
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.OWN_TASK, GRACE, GRACE));
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OWN_TASK, GRACE, GRACE));
        assertTrue(exchange.excused());
        exchange.appEnded(false);
        assertEquals(new Write.Refusal(Rejected.STOPPING), exchange.nextWrite());
    }

    @Test
    void drain_bodyThatIsStillComing_isNotToldYet() {
        HttpExchange exchange = taken(false);
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OWN_TASK, LONG, GRACE));
        exchange.bodyComplete();
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.OWN_TASK, LONG, GRACE));
        assertInstanceOf(Inbound.RequestBody.class, exchange.receive());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void drain_eventStream_isEndedProperlyInTheAppsStead() {
        HttpExchange exchange = taken(true);
        exchange.send(start("content-type", "text/event-stream"));
        exchange.send(body("data: x\n\n", true));
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.OTHER_TASK, GRACE, GRACE));
        assertTrue(exchange.appEnded(false));
        assertInstanceOf(Write.Start.class, exchange.nextWrite());
        assertTrue(assertInstanceOf(Write.Body.class, exchange.nextWrite()).body().more());
        Outbound.ResponseBody last =
                assertInstanceOf(Write.Body.class, exchange.nextWrite()).body();
        assertEquals(0, last.data().length());
        assertTrue(!last.more());
        assertNull(exchange.nextWrite());
    }

    @Test
    void drain_eventStreamThatDoesNotAsk_isCancelledOnce() {
        HttpExchange exchange = taken(true);
        exchange.send(start("content-type", "text/event-stream"));
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.NOBODY, 0, 0));
        assertEquals(Drain.Order.CANCEL, exchange.drain(Receiver.NOBODY, 0, 0));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 0, 0));
    }

    @Test
    void drain_eventStreamThatHasHeard_isLeftItsTime() {
        HttpExchange exchange = taken(true);
        exchange.receive();
        exchange.send(start("content-type", "text/event-stream"));
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.NOBODY, 0, 0));
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 0, 0));
        exchange.send(body("data: farewell\n\n", true));
        exchange.send(body("", false));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 0, 0));
    }

    @Test
    void drain_downloadUnderWay_isToldOnceItIsQuiet() {
        HttpExchange exchange = taken(true);
        exchange.send(start("content-type", "text/csv"));
        Outbound.ResponseBody piece = body("x", true);
        exchange.send(piece);
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OTHER_TASK, LONG, 0));
        while (exchange.nextWrite() != null) {} // the client takes it
        exchange.written(piece.data());
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OTHER_TASK, LONG, GRACE));
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.OTHER_TASK, LONG, 0));
        exchange.appEnded(false);
        assertEquals(new Write.Abort(Rejected.STOPPING), exchange.nextWrite());
    }

    private HttpExchange taken(boolean bodiless) {
        HttpExchange exchange = exchange("GET", false, bodiless);
        exchange.taken(1, wakes::add);
        return exchange;
    }
}
