package io.spvn.server.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class HandshakeWorkTest {
    private static final int MANY = 8;

    private final AtomicInteger carriers = new AtomicInteger();
    private final HandshakeWork work = new HandshakeWork(carriers::get);
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore end = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);

    private void begin(int clients) {
        for (int i = 0; i < clients; i++) {
            Queue<Runnable> tasks = new ArrayDeque<>(List.of(this::task));
            Thread.startVirtualThread(() -> run(tasks));
        }
    }

    private void run(Queue<Runnable> tasks) {
        try {
            work.run(tasks::poll, () -> true);
            ended.release();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void task() {
        begun.release();
        end.acquireUninterruptibly();
    }

    private void expectAtOnce(int most) throws InterruptedException {
        begun.acquire(most);
        assertFalse(begun.tryAcquire(100, TimeUnit.MILLISECONDS), "more than " + most);
    }

    private void endAll() throws InterruptedException {
        end.release(MANY);
        ended.acquire(MANY);
        begun.drainPermits();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 3"})
    void run_leavesACarrierToOthers(int count, int atOnce) throws InterruptedException {
        carriers.set(count);
        begin(MANY);
        expectAtOnce(atOnce);
        endAll();
    }

    @Test
    void run_withFewerOrMoreCarriersThanBefore() throws InterruptedException {
        carriers.set(4);
        begin(MANY);
        expectAtOnce(3);
        endAll();
        carriers.set(2);
        begin(MANY);
        expectAtOnce(1);
        carriers.set(3);
        begin(1);
        expectAtOnce(1); // beside the other
        end.release(1);
        endAll();
        assertTrue(ended.tryAcquire(10, TimeUnit.SECONDS));
    }

    @Test
    void run_forAClientThatHasGone_doesNothing() throws InterruptedException {
        carriers.set(2);
        work.run(() -> this::task, () -> false);
        assertFalse(begun.tryAcquire());
    }
}
