package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration NONE = Duration.ZERO;
    private static final Duration LONGER_THAN_PATIENCE = Duration.ofSeconds(2);
    private static final Duration TOO_LONG = TIMEOUT.plusSeconds(1);

    private final RequestQueue requests = new RequestQueue(10);
    private final Told told = new Told();
    private final List<Exchange> toWrite = new ArrayList<>();
    private final Admission admission = new Admission(requests, told, TIMEOUT, toWrite::add);

    @Test
    void next_nothingWaits_null() {
        assertNull(admission.next());
    }

    @Test
    void next_admitsInOrderAndTellsHowLongEachWaited() throws InterruptedException {
        HttpExchange first = queued(LONGER_THAN_PATIENCE);
        HttpExchange second = queued(NONE);
        assertSame(first, admission.next());
        assertSame(second, admission.next());
        assertNull(admission.next());
        assertEquals(2, told.waits.size());
        assertTrue(told.waits.getFirst() >= LONGER_THAN_PATIENCE.toNanos());
        assertEquals(List.of(), told.refusals);
        assertEquals(List.of(), toWrite);
    }

    @Test
    void moments_areKeptWhereThatIsAskedFor() throws InterruptedException {
        HttpExchange exchange = Exchanges.madeAt(System.nanoTime() - 1000, true);
        exchange.keepMoments();
        assertEquals(exchange.createdAt(), exchange.moments().head());
        assertEquals(Access.Moments.NEVER, exchange.moments().queued());
        assertEquals(Access.Moments.NEVER, exchange.moments().taken());
        exchange.queued();
        queued(exchange);
        assertSame(exchange, admission.next());
        exchange.taken(1, ready -> {});
        long queued = exchange.moments().queued();
        assertTrue(queued >= 1000, () -> "queued after " + queued);
        assertEquals(exchange.queuedAt() + told.waits.getFirst(), takenAt(exchange));
        assertEquals(Access.Moments.NEVER, exchange.moments().said());
        exchange.send(Exchanges.start());
        exchange.send(Exchanges.body("all", false));
        long said = exchange.moments().said();
        assertTrue(said >= exchange.moments().taken());
        exchange.broken();
        assertEquals(said, exchange.moments().said());
    }

    private static long takenAt(Exchange exchange) {
        return exchange.createdAt() + exchange.moments().taken();
    }

    @Test
    void moments_areNotKeptForNobody() throws InterruptedException {
        HttpExchange exchange = queued(NONE);
        assertSame(exchange, admission.next());
        assertEquals(Access.Moments.NONE, exchange.moments());
    }

    @Test
    void next_waitedTooLong_isRefused() throws InterruptedException {
        HttpExchange late = queued(TOO_LONG);
        HttpExchange fresh = queued(NONE);
        assertSame(fresh, admission.next());
        assertRefused(late, Rejected.QUEUE_TIMEOUT);
    }

    @Test
    void next_clientLeftInTheMiddleOfItsRequest_isRefusedAsMalformed() throws InterruptedException {
        HttpExchange truncated = queued(exchange(NONE, false));
        truncated.clientLeft();
        assertNull(admission.next());
        assertRefused(truncated, Rejected.MALFORMED);
    }

    @Test
    void next_clientClosedItsSideLongAgo_isRefused() throws InterruptedException {
        HttpExchange left = queued(LONGER_THAN_PATIENCE);
        left.clientLeft();
        assertNull(admission.next());
        assertRefused(left, Rejected.CLIENT_GONE);
    }

    @Test
    void next_clientClosedItsSideJustNow_mayStillRead() throws InterruptedException {
        HttpExchange halfClosed = queued(NONE);
        halfClosed.clientLeft();
        assertSame(halfClosed, admission.next());
    }

    @Test
    void next_connectionLostMeanwhile_isCountedAndNothingIsWritten() throws InterruptedException {
        queued(NONE).broken();
        assertNull(admission.next());
        assertEquals(List.of(Rejected.CLIENT_GONE), told.refusals);
        assertEquals(List.of(), toWrite);
        assertEquals(List.of(), told.waits);
    }

    @Test
    void next_cutMeanwhile_isLeftToWhoCutIt() throws InterruptedException {
        HttpExchange cut = queued(exchange(NONE, false));
        cut.offer(bytes("x"));
        cut.cut(Rejected.BODY_TIMEOUT);
        assertNull(admission.next());
        assertEquals(List.of(), told.refusals);
        assertEquals(List.of(), toWrite);
    }

    private void assertRefused(HttpExchange exchange, Rejected reason) {
        assertEquals(List.of(exchange), toWrite);
        assertEquals(new Write.Refusal(reason), exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    private HttpExchange queued(Duration waited) throws InterruptedException {
        return queued(exchange(waited, true));
    }

    private HttpExchange queued(HttpExchange exchange) throws InterruptedException {
        assertTrue(requests.put(exchange, NONE));
        return exchange;
    }

    private static HttpExchange exchange(Duration waited, boolean bodiless) {
        return Exchanges.madeAt(System.nanoTime() - waited.toNanos(), bodiless);
    }

    private static final class Told implements ExchangeListener {
        private final List<Long> waits = new ArrayList<>();
        private final List<Rejected> refusals = new ArrayList<>();

        @Override
        public void started(long waitedNanos) {
            waits.add(waitedNanos);
        }

        @Override
        public void refused(Rejected reason) {
            refusals.add(reason);
        }
    }
}
