package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.body;
import static io.spvn.bridge.exchange.Exchanges.bytes;
import static io.spvn.bridge.exchange.Exchanges.exchange;
import static io.spvn.bridge.exchange.Exchanges.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Outbound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How much an exchange takes in before one side has to wait for the other.
@Timeout(10)
class ExchangeRoomTest {
    private final List<Exchange> wakes = new ArrayList<>();

    @Test
    void offer_windowFull_blocksUntilTheAppReads() throws InterruptedException {
        HttpExchange exchange = taken("POST", false);
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

    @ParameterizedTest
    @MethodSource("waysToEnd")
    void offer_windowFull_endsWithTheExchange(Consumer<HttpExchange> way)
            throws InterruptedException {
        HttpExchange exchange = exchange("POST", false, false);
        exchange.offer(new byte[Ledger.WINDOW]);
        AtomicBoolean offered = new AtomicBoolean(true);
        Thread reader =
                Thread.startVirtualThread(() -> offered.set(offerQuietly(exchange, bytes("x"))));
        awaitWaiting(reader);
        way.accept(exchange);
        reader.join();
        assertFalse(offered.get());
    }

    static Stream<Named<Consumer<HttpExchange>>> waysToEnd() {
        return Stream.of(
                Named.of("complete", ExchangeRoomTest::answer),
                Named.of("app ended", ExchangeRoomTest::leave),
                Named.of("refused", exchange -> exchange.refuse(Rejected.QUEUE_TIMEOUT)),
                Named.of("cut", exchange -> exchange.cut(Rejected.BODY_TIMEOUT)),
                Named.of("abandoned", Exchange::broken));
    }

    private static void answer(HttpExchange exchange) {
        exchange.taken(1, woken -> {});
        exchange.send(start());
        exchange.send(body("", false));
    }

    private static void leave(HttpExchange exchange) {
        exchange.taken(1, woken -> {});
        exchange.appEnded(false);
    }

    @Test
    void send_aboveHighWater_waitsUntilLowWater() {
        HttpExchange exchange = taken("GET", true);
        exchange.send(start());
        assertEquals(Sent.FULL, exchange.send(body(PendingWrites.HIGH_WATER + 1, true)));
        assertFalse(exchange.writable());
        exchange.written(body(PendingWrites.HIGH_WATER + 1, true).data());
        assertEquals(List.of(exchange), wakes);
        assertTrue(exchange.writable());
    }

    @Test
    void send_manyTinyPieces_countForMoreThanTheirBytes() {
        HttpExchange exchange = taken("GET", true);
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
        HttpExchange exchange = exchange("GET", shared);
        exchange.taken(1, wakes::add);
        shared.add(100);
        exchange.send(start());
        Outbound.ResponseBody piece = body("x", true);
        assertEquals(Sent.FULL, exchange.send(piece));
        assertFalse(exchange.writable());
        exchange.written(piece.data());
        assertEquals(List.of(exchange), wakes);
        assertTrue(exchange.writable());
    }

    @Test
    void isFull_untilTheAppReads() throws InterruptedException {
        HttpExchange exchange = taken("POST", false);
        assertFalse(exchange.isFull());
        exchange.offer(new byte[Ledger.WINDOW]);
        assertTrue(exchange.isFull());
        exchange.receive();
        assertFalse(exchange.isFull());
    }

    @Test
    void offer_ledgerOfAllInUse_onePieceAtATime() throws InterruptedException {
        Ledger shared = new Ledger(100);
        HttpExchange first = exchange("POST", shared);
        HttpExchange second = exchange("POST", shared);
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

    @ParameterizedTest
    @MethodSource("waysToEnd")
    void ledger_isGivenBackHoweverTheExchangeEnds(Consumer<HttpExchange> way)
            throws InterruptedException {
        Ledger shared = new Ledger(1 << 20);
        HttpExchange exchange = exchange("POST", shared);
        exchange.offer(new byte[100]);
        assertTrue(shared.held() > 0);
        way.accept(exchange);
        assertEquals(0, shared.held());
    }

    private HttpExchange taken(String method, boolean bodiless) {
        HttpExchange exchange = exchange(method, false, bodiless);
        exchange.taken(1, wakes::add);
        return exchange;
    }

    private static boolean offerQuietly(HttpExchange exchange, byte[] part) {
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
}
