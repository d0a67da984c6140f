package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PulledBodyTest {
    private static final int LENGTH = 2 * PulledBody.PIECE + 1000;

    private final byte[] all = new byte[LENGTH];
    private final Semaphore pulls = new Semaphore(0);
    private final Semaphore drops = new Semaphore(0);
    private final PulledBody body = new PulledBody(LENGTH, pulls::release, drops::release);

    PulledBodyTest() {
        for (int i = 0; i < LENGTH; i++) {
            all[i] = (byte) (i * 7 + i / 256);
        }
    }

    private FutureTask<byte[]> copies(int from, int count) {
        FutureTask<byte[]> copy =
                new FutureTask<>(
                        () -> {
                            byte[] target = new byte[count + 2];
                            body.copyTo(from, target, 1, count);
                            return Arrays.copyOfRange(target, 1, count + 1);
                        });
        Thread _ = Thread.ofVirtual().start(copy);
        return copy;
    }

    /// The child brings the next piece once it is asked for.
    private boolean brings(int piece) throws Exception {
        assertTrue(pulls.tryAcquire(10, TimeUnit.SECONDS), "nobody pulls");
        int from = piece * PulledBody.PIECE;
        return body.came(Arrays.copyOfRange(all, from, Math.min(LENGTH, from + PulledBody.PIECE)));
    }

    @Test
    void itIsCopiedInOrder_aPieceAtATime() throws Exception {
        FutureTask<byte[]> whole = copies(0, LENGTH);
        assertFalse(brings(0));
        assertFalse(brings(1));
        assertTrue(brings(2));
        assertArrayEquals(all, whole.get(10, TimeUnit.SECONDS));
        assertEquals(0, pulls.availablePermits());
    }

    @Test
    void whoCopiesALittle_pullsNoMoreThanThat() throws Exception {
        FutureTask<byte[]> first = copies(0, 10);
        assertFalse(brings(0));
        assertArrayEquals(Arrays.copyOf(all, 10), first.get(10, TimeUnit.SECONDS));
        byte[] rest = copies(10, PulledBody.PIECE - 10).get(10, TimeUnit.SECONDS);
        assertArrayEquals(Arrays.copyOfRange(all, 10, PulledBody.PIECE), rest);
        assertEquals(0, pulls.availablePermits());
        FutureTask<byte[]> across = copies(PulledBody.PIECE - 5, 10);
        assertFalse(brings(1));
        assertArrayEquals(
                Arrays.copyOfRange(all, PulledBody.PIECE - 5, PulledBody.PIECE),
                Arrays.copyOf(across.get(10, TimeUnit.SECONDS), 5));
    }

    @Test
    void whatIsBehind_isGone() throws Exception {
        FutureTask<byte[]> both = copies(0, PulledBody.PIECE + 1);
        assertFalse(brings(0));
        assertFalse(brings(1));
        assertEquals(PulledBody.PIECE + 1, both.get(10, TimeUnit.SECONDS).length);
        byte[] target = new byte[1];
        assertThrows(IllegalArgumentException.class, () -> body.copyTo(0, target, 0, 1));
    }

    @Test
    void whoWaits_hearsThatTheChildHasGone() throws Exception {
        FutureTask<byte[]> waits = copies(0, LENGTH);
        assertFalse(brings(0));
        assertTrue(pulls.tryAcquire(10, TimeUnit.SECONDS));
        body.fail();
        Throwable cause = assertThrows(Exception.class, waits::get).getCause();
        assertTrue(cause instanceof UncheckedIOException, String.valueOf(cause));
        byte[] target = new byte[1];
        assertThrows(
                UncheckedIOException.class,
                () -> body.copyTo(PulledBody.PIECE, target, 0, 1),
                "so does who comes later");
    }

    @Test
    void aPieceThatNobodyAskedFor_isNotUnderstood() throws Exception {
        assertThrows(Garbled.class, () -> body.came(new byte[PulledBody.PIECE]));
        FutureTask<byte[]> first = copies(0, 1);
        assertFalse(brings(0));
        assertEquals(1, first.get(10, TimeUnit.SECONDS).length);
        assertThrows(Garbled.class, () -> body.came(new byte[PulledBody.PIECE]));
    }

    @Test
    void aPieceOfAnotherLength_isNotUnderstood() throws Exception {
        FutureTask<byte[]> _ = copies(0, LENGTH);
        assertTrue(pulls.tryAcquire(10, TimeUnit.SECONDS));
        for (int length : new int[] {0, 1, PulledBody.PIECE - 1, PulledBody.PIECE + 1, LENGTH}) {
            assertThrows(Garbled.class, () -> body.came(new byte[length]));
        }
        body.fail();
    }

    @Test
    void onePieceIsInTheHeap() {
        assertEquals(LENGTH, body.length());
        assertEquals(PulledBody.PIECE, body.heapBytes());
        body.release();
        assertEquals(1, drops.availablePermits());
    }
}
