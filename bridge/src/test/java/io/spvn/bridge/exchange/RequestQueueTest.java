package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RequestQueueTest {
    private static final Duration NO_TIME = Duration.ofNanos(1);
    private static final Duration LONG = Duration.ofSeconds(5);

    private final RequestQueue queue = new RequestQueue(2);

    @Test
    void poll_firstInFirstOut() throws InterruptedException {
        Exchange first = madeAt(1);
        Exchange second = madeAt(2);
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
    void pollQueuedBefore_takesOnlyTheLate() throws InterruptedException {
        Exchange early = madeAt(10);
        queue.put(early, LONG);
        queue.put(madeAt(20), LONG);
        assertSame(early, queue.pollQueuedBefore(15));
        assertNull(queue.pollQueuedBefore(15));
        assertEquals(1, queue.depth());
        assertTrue(queue.put(madeAt(30), NO_TIME));
    }

    private boolean putQuietly(Exchange exchange) {
        try {
            return queue.put(exchange, LONG);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static Exchange madeAt(long nanos) {
        byte[] path = {'/'};
        Scope.Http scope =
                new Scope.Http(
                        "1.1",
                        "GET",
                        path,
                        path,
                        new byte[0],
                        Headers.EMPTY,
                        new Peers("http", null, null));
        return new Exchange(scope, ready -> {}, false, true, new ReadAhead(1), nanos);
    }
}
