package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Write;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.FakeSocket;
import io.spvn.server.connection.Registry;
import io.spvn.server.connection.Timeouts;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BodyIntakeTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final int PIECE = 16 * 1024;
    private static final long HELD = Duration.ofMillis(101).toNanos();

    private final Ledger ledger = new Ledger(1 << 30);
    private final Registry registry = new Registry(8, ledger, () -> {});
    private final FakeSocket socket = new FakeSocket();
    private final BlockingQueue<Exchange> submitted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Write> written = new LinkedBlockingQueue<>();
    private final HttpExchange exchange = exchange(false);
    private final Connection connection =
            new Connection(socket, registry, timeouts(), ExchangeListener.NONE, _ -> new Listens());

    private static Timeouts timeouts() {
        Duration long_ = Duration.ofMinutes(1);
        return new Timeouts(long_, long_, long_, long_, long_);
    }

    private HttpExchange exchange(boolean expectsContinue) {
        byte[] path = {'/'};
        Scope.Http scope =
                new Scope.Http(
                        "1.1",
                        "POST",
                        path,
                        path,
                        new byte[0],
                        Headers.of(),
                        new Peers("http", null, null));
        return new HttpExchange(
                scope, this::write, expectsContinue, false, ledger, System.nanoTime());
    }

    private void write(Exchange ready) {
        HttpExchange of = (HttpExchange) ready;
        for (Write next = of.nextWrite(); next != null; next = of.nextWrite()) {
            written.add(next);
        }
    }

    private BodyIntake intake(HttpExchange of, long announced, long limit) {
        return new BodyIntake(of, submitted::add, connection.ending(), announced, limit);
    }

    private BodyIntake unknown() {
        return intake(exchange, BodyIntake.UNKNOWN, NO_LIMIT);
    }

    // ---- when the request goes to a worker

    @Test
    void smallBody_isHeldBack_untilItIsThere() throws InterruptedException {
        BodyIntake intake = intake(exchange, 10, NO_LIMIT);
        intake.await();
        intake.data(new byte[4], 0, 4);
        intake.await();
        assertTrue(submitted.isEmpty());
        intake.data(new byte[6], 0, 6);
        intake.complete();
        assertEquals(1, submitted.size());
        Inbound.RequestBody body = assertInstanceOf(Inbound.RequestBody.class, exchange.receive());
        assertFalse(body.more());
        assertEquals(2, body.parts().size());
    }

    @Test
    void smallBody_thatTakesLong_isReleased_andSubmittedOnce() throws InterruptedException {
        BodyIntake intake = intake(exchange, 10, NO_LIMIT);
        intake.tick(exchange.createdAt() + HELD / 2);
        assertTrue(submitted.isEmpty());
        intake.tick(exchange.createdAt() + HELD);
        assertEquals(exchange, submitted.take());
        intake.tick(exchange.createdAt() + 2 * HELD);
        intake.complete();
        assertTrue(submitted.isEmpty());
    }

    @Test
    void largeOrUnknownBody_isSubmitted_beforeItIsWaitedFor() throws InterruptedException {
        intake(exchange, PIECE + 1, NO_LIMIT).await();
        assertEquals(exchange, submitted.poll());
        unknown().await();
        assertEquals(exchange, submitted.poll());
    }

    @Test
    void clientThatWaitsForLeave_isSubmitted_beforeItIsWaitedFor() throws InterruptedException {
        HttpExchange asks = exchange(true);
        intake(asks, 10, NO_LIMIT).await();
        assertEquals(asks, submitted.poll());
    }

    @Test
    void largeBody_isNeverReleasedByTime() {
        BodyIntake intake = unknown();
        intake.tick(exchange.createdAt() + 2 * HELD);
        assertTrue(submitted.isEmpty());
    }

    @Test
    void settledRequest_isNotSubmitted() throws InterruptedException {
        exchange.broken();
        unknown().complete();
        assertTrue(submitted.isEmpty());
    }

    // ---- what the app does not read

    @Test
    void appThatDoesNotRead_hasTheRequest_andHoldsUpTheReader() throws Exception {
        BodyIntake intake = unknown();
        Thread reader = Thread.startVirtualThread(() -> fill(intake, 17));
        assertEquals(exchange, submitted.take(), "only the app can make room");
        awaitParked(reader);
        assertInstanceOf(Inbound.RequestBody.class, exchange.receive());
        reader.join();
        assertInstanceOf(Inbound.RequestBody.class, exchange.receive());
    }

    @Test
    void readerHeldUp_clientThatHasGone_isLookedFor() throws Exception {
        Thread reader = Thread.startVirtualThread(() -> fill(unknown(), 17));
        submitted.take();
        awaitParked(reader);
        socket.reset();
        connection.ending().tick(registry.now() + Duration.ofSeconds(2).toNanos());
        reader.join();
        assertFalse(socket.isOpen());
    }

    @Test
    void readerNotHeldUp_seesItsClientItself() {
        fill(unknown(), 2);
        socket.reset();
        connection.ending().tick(registry.now() + Duration.ofSeconds(2).toNanos());
        assertTrue(socket.isOpen());
    }

    private static void fill(BodyIntake intake, int pieces) {
        for (int i = 0; i < pieces; i++) {
            intake.data(new byte[PIECE], 0, PIECE);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }

    // ---- what nobody wants

    @Test
    void unwantedBody_isDropped_untilItIsExcessive() {
        BodyIntake intake = unknown();
        exchange.broken();
        fill(intake, 64);
        assertFalse(intake.isExcessive());
        fill(intake, 1);
        assertTrue(intake.isExcessive());
        assertEquals(0, ledger.held());
    }

    @Test
    void wantedBody_isNeverExcessive() throws InterruptedException {
        BodyIntake intake = unknown();
        for (int i = 0; i < 10; i++) {
            fill(intake, 10);
            exchange.receive();
        }
        assertFalse(intake.isExcessive());
    }

    // ---- what is wrong with it

    @Test
    void bodyLargerThanAllowed_isRefused_atTheByteThatIsTooMuch() {
        BodyIntake intake = intake(exchange, BodyIntake.UNKNOWN, 20);
        intake.data(new byte[20], 0, 20);
        HttpError error = assertThrows(HttpError.class, () -> intake.data(new byte[1], 0, 1));
        assertEquals(Rejected.BODY_TOO_LARGE, error.reason());
    }

    @Test
    void cut_nothingWritten_isARefusal() throws InterruptedException {
        BodyIntake intake = unknown();
        intake.await();
        intake.cut(Rejected.BODY_TIMEOUT);
        assertEquals(new Write.Refusal(Rejected.BODY_TIMEOUT), written.poll());
        assertNull(written.poll());
        assertTrue(exchange.settled());
    }

    @Test
    void truncated_beforeTheAppHasIt_isNobodysAffair() throws InterruptedException {
        BodyIntake intake = intake(exchange, 10, NO_LIMIT);
        assertFalse(intake.truncated());
        intake.tick(exchange.createdAt() + 2 * HELD);
        assertTrue(submitted.isEmpty());
    }

    @Test
    void truncated_theAppHasIt_isTold() throws InterruptedException {
        BodyIntake intake = unknown();
        intake.await();
        assertTrue(intake.truncated());
        assertTrue(exchange.truncated());
    }

    /// Loses its exchange with its connection.
    private final class Listens implements Conversation {
        @Override
        public @Nullable Conversation run() {
            return null;
        }

        @Override
        public void late(Due due) {}

        @Override
        public void broken() {
            exchange.broken();
        }
    }
}
