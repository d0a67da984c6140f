package io.spvn.bridge.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ExchangeTest {
    private final List<Exchange> wakes = new ArrayList<>();

    @Test
    void receive_bodiless_yieldsOneEmptyFinalEvent() {
        Exchange exchange = taken("GET", true);
        assertEquals(new Inbound.RequestBody(List.of(), false), exchange.receive());
        assertNull(exchange.receive());
    }

    @Test
    void receive_nothingThere_wakesOnceWhenItComes() throws InterruptedException {
        Exchange exchange = taken("POST", false);
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
        Exchange exchange = taken("POST", false);
        exchange.offer(bytes("ab"));
        exchange.disconnected();
        assertTrue(assertInstanceOf(Inbound.RequestBody.class, exchange.receive()).more());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void receive_afterCompleteResponse_disconnect() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("x", false));
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void offer_windowFull_blocksUntilTheAppReads() throws InterruptedException {
        Exchange exchange = taken("POST", false);
        exchange.offer(new byte[Ledger.WINDOW]);
        AtomicBoolean offered = new AtomicBoolean();
        Thread reader =
                Thread.startVirtualThread(() -> offered.set(offerQuietly(exchange, bytes("x"))));
        awaitWaiting(reader);
        assertFalse(offered.get());
        exchange.receive();
        reader.join();
        assertTrue(offered.get());
    }

    @Test
    void offer_windowFull_endsWithTheResponse() throws InterruptedException {
        Exchange exchange = taken("POST", false);
        exchange.offer(new byte[Ledger.WINDOW]);
        AtomicBoolean offered = new AtomicBoolean(true);
        Thread reader =
                Thread.startVirtualThread(() -> offered.set(offerQuietly(exchange, bytes("x"))));
        awaitWaiting(reader);
        exchange.send(start());
        exchange.send(body("", false));
        reader.join();
        assertFalse(offered.get());
    }

    @Test
    void send_startIsHeldUntilTheFirstBody() {
        Exchange exchange = taken("GET", true);
        assertEquals(Sent.HELD, exchange.send(start()));
        assertNull(exchange.nextWrite());
        assertEquals(Sent.READY, exchange.send(body("hello", false)));
        assertEquals(new Write.Start(start(), 5), exchange.nextWrite());
        assertInstanceOf(Write.Body.class, exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    @Test
    void send_streaming_lengthIsUnknown() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("hello", true));
        assertEquals(new Write.Start(start(), -1), exchange.nextWrite());
    }

    @Test
    void send_aboveHighWater_waitsUntilLowWater() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        assertEquals(Sent.FULL, exchange.send(body(PendingWrites.HIGH_WATER + 1, true)));
        assertFalse(exchange.writable());
        exchange.written(body(PendingWrites.HIGH_WATER + 1, true));
        assertEquals(List.of(exchange), wakes);
        assertTrue(exchange.writable());
    }

    @Test
    void send_manyTinyPieces_countForMoreThanTheirBytes() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        int most = PendingWrites.HIGH_WATER / PendingWrites.PIECE_BYTES;
        int sent = 0;
        while (exchange.send(body("x", true)) != Sent.FULL) {
            sent++;
        }
        assertTrue(sent < most, sent + " pieces of one byte");
    }

    @Test
    void send_ledgerFull_waitsAfterEachPieceUntilItIsWritten() {
        Ledger shared = new Ledger(100);
        Exchange exchange = exchange("GET", shared);
        exchange.taken(1, wakes::add);
        shared.add(100);
        exchange.send(start());
        Outbound.ResponseBody piece = body("x", true);
        assertEquals(Sent.FULL, exchange.send(piece));
        assertFalse(exchange.writable());
        exchange.written(piece);
        assertEquals(List.of(exchange), wakes);
        assertTrue(exchange.writable());
    }

    @Test
    void cut_startAcceptedButNotTaken_answersInItsPlace() {
        Exchange exchange = taken("POST", false);
        exchange.send(start());
        exchange.send(body("x", true));
        exchange.cut(Rejected.BODY_TIMEOUT);
        assertEquals(new Write.Refusal(Rejected.BODY_TIMEOUT), exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    @Test
    void cut_startTaken_aborts() {
        Exchange exchange = taken("POST", false);
        exchange.send(start());
        exchange.send(body("x", true));
        exchange.nextWrite();
        exchange.cut(Rejected.BODY_TIMEOUT);
        assertEquals(new Write.Abort(Rejected.BODY_TIMEOUT), exchange.nextWrite());
    }

    @Test
    void continueDue_connectionGone_never() {
        Exchange exchange = exchange("POST", true, false);
        exchange.broken();
        assertFalse(exchange.continueDue());
        assertNull(exchange.nextWrite());
    }

    @Test
    void isFull_untilTheAppReads() throws InterruptedException {
        Exchange exchange = taken("POST", false);
        assertFalse(exchange.isFull());
        exchange.offer(new byte[Ledger.WINDOW]);
        assertTrue(exchange.isFull());
        exchange.receive();
        assertFalse(exchange.isFull());
    }

    @Test
    void send_moreThanDeclared_violates() {
        Exchange exchange = taken("GET", true);
        exchange.send(start("content-length", "3"));
        exchange.send(body("abc", true));
        assertThrows(AsgiViolation.class, () -> exchange.send(body("d", false)));
    }

    @Test
    void send_head_mayDeclareAnyLength() {
        Exchange exchange = taken("HEAD", true);
        exchange.send(start("content-length", "3"));
        assertEquals(Sent.READY, exchange.send(body("abcdef", false)));
    }

    @Test
    void send_lengthThatIsNoNumber_violates() {
        Exchange exchange = taken("GET", true);
        assertThrows(AsgiViolation.class, () -> exchange.send(start("content-length", "+3")));
    }

    @Test
    void send_afterLoss_clientGone() {
        Exchange exchange = taken("GET", true);
        exchange.broken();
        assertThrows(ClientGone.class, () -> exchange.send(start()));
        assertThrows(ClientGone.class, exchange::writable);
    }

    @Test
    void send_afterHalfClose_isStillWritten() {
        Exchange exchange = taken("GET", true);
        exchange.disconnected();
        exchange.send(start());
        assertEquals(Sent.READY, exchange.send(body("x", false)));
    }

    @Test
    void broken_releasesWhatWasNotWritten() {
        AtomicInteger released = new AtomicInteger();
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(new Outbound.ResponseBody(counting(released), false));
        exchange.broken();
        exchange.broken();
        assertEquals(1, released.get());
        assertNull(exchange.nextWrite());
    }

    @Test
    void ended_beforeAnyByte_isRefusedWith500() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        assertTrue(exchange.ended());
        assertEquals(new Write.Refusal(Rejected.APP_FAILED), exchange.nextWrite());
    }

    @Test
    void ended_afterRequestWasCutShort_isRefusedWith400() {
        Exchange exchange = taken("POST", false);
        exchange.disconnected();
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertTrue(exchange.ended());
        assertEquals(new Write.Refusal(Rejected.MALFORMED), exchange.nextWrite());
    }

    @Test
    void ended_afterClientLeftWithWholeRequest_isRefusedWith500() {
        Exchange exchange = taken("GET", true);
        exchange.disconnected();
        assertTrue(exchange.ended());
        assertEquals(new Write.Refusal(Rejected.APP_FAILED), exchange.nextWrite());
    }

    @Test
    void ended_midResponse_aborts() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("x", true));
        exchange.nextWrite();
        exchange.nextWrite();
        assertTrue(exchange.ended());
        assertEquals(new Write.Abort(Rejected.APP_FAILED), exchange.nextWrite());
    }

    @Test
    void ended_afterCompleteResponse_hasNothingToSay() {
        Exchange exchange = taken("GET", true);
        exchange.send(start());
        exchange.send(body("x", false));
        assertFalse(exchange.ended());
    }

    @Test
    void cut_beforeAnyByte_tellsTheClientAndTheApp() {
        Exchange exchange = taken("POST", false);
        exchange.send(start());
        exchange.cut(Rejected.MALFORMED);
        assertEquals(new Write.Refusal(Rejected.MALFORMED), exchange.nextWrite());
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
        assertThrows(ClientGone.class, () -> exchange.send(body("x", false)));
    }

    @Test
    void continueDue_onlyOnceAndOnlyWhileTheBodyIsWanted() {
        Exchange exchange = exchange("POST", true, false);
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
        Exchange exchange = exchange("POST", true, false);
        exchange.taken(1, wakes::add);
        exchange.send(start());
        assertNull(exchange.receive());
        assertTrue(exchange.continueDue());
    }

    @Test
    void continueDue_clientThatDidNotWait_isNotTold() throws InterruptedException {
        Exchange exchange = exchange("POST", true, false);
        exchange.taken(1, wakes::add);
        exchange.offer(bytes("x"));
        exchange.receive();
        assertNull(exchange.receive());
        assertFalse(exchange.continueDue());
        assertFalse(exchange.continueOutstanding());
    }

    @Test
    void receive_pendingAtTheEndOfTheResponse_wakes() {
        Exchange exchange = taken("GET", true);
        exchange.receive();
        assertNull(exchange.receive());
        exchange.send(start());
        exchange.send(body("x", false));
        assertEquals(List.of(exchange), wakes);
        assertInstanceOf(Inbound.Disconnect.class, exchange.receive());
    }

    @Test
    void refuse_afterCut_saysNothingMore() {
        Exchange exchange = exchange("POST", false, false);
        exchange.cut(Rejected.MALFORMED);
        exchange.refuse(Rejected.QUEUE_TIMEOUT);
        assertEquals(new Write.Refusal(Rejected.MALFORMED), exchange.nextWrite());
        assertNull(exchange.nextWrite());
    }

    @Test
    void offer_ledgerOfAllInUse_onePieceAtATime() throws InterruptedException {
        Ledger shared = new Ledger(100);
        Exchange first = exchange("POST", shared);
        Exchange second = exchange("POST", shared);
        first.offer(new byte[100]);
        second.offer(bytes("x"));
        AtomicBoolean offered = new AtomicBoolean();
        Thread reader =
                Thread.startVirtualThread(() -> offered.set(offerQuietly(second, bytes("y"))));
        awaitWaiting(reader);
        second.receive();
        reader.join();
        assertTrue(offered.get());
    }

    @Test
    void ledger_isGivenBackHoweverTheExchangeEnds() throws InterruptedException {
        Ledger shared = new Ledger(1 << 20);
        for (int way = 0; way < 5; way++) {
            Exchange exchange = exchange("POST", shared);
            exchange.offer(new byte[100]);
            assertTrue(shared.held() > 0);
            switch (way) {
                case 0 -> exchange.receive();
                case 1 -> exchange.broken();
                case 2 -> exchange.cut(Rejected.MALFORMED);
                case 3 -> exchange.refuse(Rejected.QUEUE_TIMEOUT);
                default -> exchange.ended();
            }
            assertEquals(0, shared.held());
        }
    }

    private Exchange taken(String method, boolean bodiless) {
        Exchange exchange = exchange(method, false, bodiless);
        exchange.taken(1, wakes::add);
        return exchange;
    }

    private static Exchange exchange(String method, boolean expectsContinue, boolean bodiless) {
        return exchange(method, expectsContinue, bodiless, new Ledger(1 << 20));
    }

    private static Exchange exchange(String method, Ledger ledger) {
        return exchange(method, false, false, ledger);
    }

    private static Exchange exchange(
            String method, boolean expectsContinue, boolean bodiless, Ledger ledger) {
        Scope.Http scope =
                new Scope.Http(
                        "1.1",
                        method,
                        bytes("/"),
                        bytes("/"),
                        bytes(""),
                        Headers.EMPTY,
                        new Peers("http", null, null));
        return new Exchange(scope, ready -> {}, expectsContinue, bodiless, ledger, 0);
    }

    private static boolean offerQuietly(Exchange exchange, byte[] part) {
        try {
            return exchange.offer(part);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void awaitWaiting(Thread thread) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (thread.getState() != Thread.State.WAITING) {
            never.await(1, TimeUnit.MILLISECONDS);
        }
    }

    private static Outbound.ResponseStart start(String... header) {
        byte[][] pairs = new byte[header.length][];
        for (int i = 0; i < header.length; i++) {
            pairs[i] = bytes(header[i]);
        }
        return header.length == 0
                ? new Outbound.ResponseStart(200, Headers.EMPTY)
                : new Outbound.ResponseStart(200, Headers.of(pairs));
    }

    private static Outbound.ResponseBody body(String text, boolean more) {
        return new Outbound.ResponseBody(Payload.of(bytes(text)), more);
    }

    private static Outbound.ResponseBody body(int size, boolean more) {
        return new Outbound.ResponseBody(Payload.of(new byte[size]), more);
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

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
