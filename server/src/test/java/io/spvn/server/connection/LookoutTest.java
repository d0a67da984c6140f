package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Ledger;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LookoutTest {
    private static final int PIECE = 16 * 1024;

    /// What a piece costs beside its bytes.
    private static final int COST = 64;

    private final Ledger ledger = new Ledger(1 << 20);
    private final FakeSocket socket = new FakeSocket();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch broken = new CountDownLatch(1);
    private final Lookout lookout = new Lookout(socket, ledger, broken::countDown);

    /// As the socket does it: what it reads is in the ledger.
    private void sends(int length) {
        ledger.add(Ledger.weight(length));
        socket.sends(new byte[length]);
    }

    @Test
    void take_whatCameMeanwhile_inOrder() {
        socket.sends(new byte[] {1}).sends(new byte[] {2});
        lookout.watch(end::countDown);
        assertArrayEquals(new byte[] {1}, lookout.take());
        lookout.watch(end::countDown);
        assertArrayEquals(new byte[] {2}, lookout.take());
    }

    @Test
    void take_waitsForTheReadUnderWay() throws InterruptedException {
        lookout.watch(end::countDown);
        AtomicReference<byte[]> taken = new AtomicReference<>();
        Thread reader = Thread.startVirtualThread(() -> taken.set(lookout.take()));
        awaitWaiting(reader);
        socket.sends(new byte[] {7});
        reader.join();
        assertArrayEquals(new byte[] {7}, taken.get());
        assertNull(lookout.take(), "the socket is the reader's again");
        assertFalse(lookout.ended());
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }

    @Test
    void end_isTold_andSeenOnceAllIsTaken() throws InterruptedException {
        socket.sends(new byte[] {1}).ends();
        lookout.watch(end::countDown);
        end.await();
        assertFalse(lookout.ended(), "something is left");
        assertArrayEquals(new byte[] {1}, lookout.take());
        assertTrue(lookout.ended());
        assertNull(lookout.take());
    }

    @Test
    void end_thatWasSeenBefore_isToldAtOnce() throws InterruptedException {
        socket.sends(new byte[] {1}).ends();
        lookout.watch(end::countDown);
        end.await();
        assertArrayEquals(new byte[] {1}, lookout.take());
        AtomicBoolean told = new AtomicBoolean();
        lookout.watch(() -> told.set(true));
        assertTrue(told.get());
    }

    @Test
    void end_isNotToldOnceTheReaderIsBack() throws InterruptedException {
        sends(PIECE);
        lookout.watch(end::countDown);
        awaitHeld(PIECE + COST); // and it reads on
        assertEquals(PIECE, Objects.requireNonNull(lookout.take()).length);
        socket.ends();
        assertNull(lookout.take());
        assertTrue(lookout.ended());
        assertFalse(end.await(100, TimeUnit.MILLISECONDS));
    }

    @Test
    void broken_isTold_andThrownOnceAllIsTaken() throws InterruptedException {
        socket.sends(new byte[] {1});
        socket.reset();
        lookout.watch(end::countDown);
        broken.await();
        assertArrayEquals(new byte[] {1}, lookout.take());
        assertThrows(UncheckedIOException.class, lookout::take);
        assertEquals(1, end.getCount());
    }

    @Test
    void watch_readsAheadUpToItsLimit() {
        for (int i = 0; i < 5; i++) {
            sends(PIECE);
        }
        lookout.watch(end::countDown);
        awaitHeld(5 * PIECE + 4 * COST);
        for (int i = 0; i < 4; i++) {
            assertEquals(PIECE, Objects.requireNonNull(lookout.take()).length);
        }
        assertNull(lookout.take(), "the fifth was left to the reader");
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitHeld(long bytes) {
        while (ledger.held() < bytes) {
            Thread.yield();
        }
    }

    @Test
    void watch_ledgerFull_readsOnePieceAhead() {
        ledger.add(1 << 20);
        socket.sends(new byte[] {1}).sends(new byte[] {2});
        lookout.watch(end::countDown);
        assertArrayEquals(new byte[] {1}, lookout.take());
        assertNull(lookout.take());
    }

    @Test
    void close_givesBackWhatNobodyTakes() throws InterruptedException {
        sends(PIECE);
        sends(100);
        socket.ends();
        lookout.watch(end::countDown);
        end.await();
        assertTrue(ledger.held() > PIECE);
        lookout.close();
        assertEquals(0, ledger.held());
    }

    @Test
    void close_waitsForTheReadUnderWay() {
        lookout.watch(end::countDown);
        socket.close();
        lookout.close();
        assertThrows(UncheckedIOException.class, lookout::take);
    }
}
