package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RequestQueueTest {
    private static final Duration NO_TIME = Duration.ofNanos(1);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final int TICKS = 10;
    private static final int MANY = 100;

    private final RequestQueue queue = new RequestQueue(2);

    @Test
    void poll_firstInFirstOut() throws InterruptedException {
        HttpExchange first = madeAt(1);
        HttpExchange second = madeAt(2);
        queue.put(first, LONG);
        queue.put(second, LONG);
        assertSame(first, queue.poll());
        assertSame(second, queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void put_full_isRefusedInTime() throws InterruptedException {
        queue.put(madeAt(1), LONG);
        queue.put(madeAt(2), LONG);
        assertFalse(queue.put(madeAt(3), NO_TIME));
        assertEquals(2, queue.depth());
    }

    @Test
    void put_full_waitsForRoom() throws InterruptedException {
        queue.put(madeAt(1), LONG);
        queue.put(madeAt(2), LONG);
        CountDownLatch accepted = new CountDownLatch(1);
        Thread reader =
                Thread.startVirtualThread(
                        () -> {
                            if (putQuietly(madeAt(3))) {
                                accepted.countDown();
                            }
                        });
        queue.poll();
        reader.join();
        assertEquals(0, accepted.getCount());
    }

    @Test
    void pollLate_takesOnlyTheLate() throws InterruptedException {
        HttpExchange early = madeAt(10);
        queue.put(early, LONG);
        queue.put(madeAt(20), LONG);
        assertSame(early, queue.pollLate(20, Duration.ofNanos(5)));
        assertNull(queue.pollLate(20, Duration.ofNanos(5)));
        assertEquals(1, queue.depth());
        assertTrue(queue.put(madeAt(30), NO_TIME));
    }

    @Test
    void pollLate_whileHeld_andForThatTime_takesNone() throws InterruptedException {
        queue.put(madeAt(System.nanoTime() - LONG.toNanos()), LONG);
        queue.hold();
        assertNull(queue.pollLate(System.nanoTime(), Duration.ofMillis(1)));
        queue.release();
        long released = System.nanoTime();
        assertNull(queue.pollLate(released, LONG));
        assertNotNull(queue.pollLate(released + LONG.toNanos() + 1, LONG));
    }

    @Test
    void resize_givesRoomForThoseThatWait() throws InterruptedException {
        queue.put(madeAt(1), LONG);
        queue.put(madeAt(2), LONG);
        CompletableFuture<Boolean> third =
                CompletableFuture.supplyAsync(() -> putQuietly(madeAt(3)));
        queue.resize(3);
        assertTrue(third.join());
        assertEquals(3, queue.depth());
    }

    @Test
    void resize_toLess_keepsThoseThatWait() throws InterruptedException {
        queue.put(madeAt(1), LONG);
        queue.put(madeAt(2), LONG);
        queue.resize(1);
        assertEquals(2, queue.depth());
        queue.poll();
        assertFalse(queue.put(madeAt(3), NO_TIME));
        queue.poll();
        assertTrue(queue.put(madeAt(3), NO_TIME));
        assertEquals(1, queue.depth());
    }

    @Test
    void isHopeless_whenMoreWaitThanAreTakenInTime() throws InterruptedException {
        RequestQueue slow = backlog(MANY, 1);
        assertTrue(slow.isHopeless(Duration.ofSeconds(1)));
        assertFalse(slow.isHopeless(Duration.ofHours(1)), "time enough");
    }

    @Test
    void isHopeless_notWhileNobodyHasWaitedForLong() throws InterruptedException {
        RequestQueue burst = backlog(MANY, 1);
        while (burst.poll() != null) {
            burst.took();
        }
        HttpExchange fresh = madeAt(0);
        fresh.queued();
        burst.put(fresh, LONG);
        assertFalse(burst.isHopeless(Duration.ofSeconds(1)));
    }

    @Test
    void isHopeless_notBeforeAnythingIsKnown() throws InterruptedException {
        assertFalse(backlog(MANY, 0).isHopeless(Duration.ofNanos(1)));
    }

    /// A queue of requests that wait since ever, from which one was taken in each of so many ticks.
    private static RequestQueue backlog(int depth, int takenInTick) throws InterruptedException {
        RequestQueue queue = new RequestQueue(depth);
        for (int i = 0; i < depth; i++) {
            queue.put(madeAt(0), LONG);
        }
        long now = System.nanoTime();
        for (int tick = 0; tick < TICKS; tick++) {
            for (int i = 0; i < takenInTick; i++) {
                queue.poll();
                queue.took();
            }
            now += TICK.toNanos();
            queue.sample(now);
        }
        return queue;
    }

    private boolean putQuietly(HttpExchange exchange) {
        try {
            return queue.put(exchange, LONG);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static HttpExchange madeAt(long nanos) {
        return Exchanges.madeAt(nanos, true);
    }
}
