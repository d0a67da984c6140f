package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkerPoolEndTest extends PoolFixture {
    // ---- lost

    @Test
    void workersThatEndByThemselves_areLostWithTheLast() throws InterruptedException {
        WorkerPool pool = started(2);
        made(1).end(CRASH);
        assertEquals(0, lost.get());
        HttpExchange waiting = Requests.request();
        pool.submit(waiting);
        made(0).end(CRASH);
        assertEquals(1, lost.get());
        assertRefused(waiting, Rejected.STOPPING);
        assertEquals(List.of(WorkerState.ENDED, WorkerState.ENDED), states(pool));
    }

    @Test
    void workersThatEndTogether_areLostOnce() throws InterruptedException {
        WorkerPool pool = started(2);
        made(0).endSilently(CRASH);
        made(1).end(CRASH);
        made(0).tellEnd();
        assertEquals(1, lost.get());
        assertEquals(List.of(WorkerState.ENDED, WorkerState.ENDED), states(pool));
    }

    // ---- requests

    @Test
    void submit_afterTheEnd_isRefused() throws InterruptedException {
        WorkerPool pool = started(1);
        pool.stop(SOON);
        HttpExchange late = Requests.request();
        pool.submit(late);
        assertRefused(late, Rejected.STOPPING);
        assertEquals(0, pool.queueDepth());
    }

    @Test
    void tick_wakesAnotherForWhatNobodyHasTaken() throws InterruptedException {
        WorkerPool pool = started(2);
        made(1).load = 1;
        pool.submit(Requests.request());
        pool.tick(); // the first was woken, and is held up
        assertEquals(1, made(0).wakes.get());
        assertEquals(1, made(1).wakes.get());
    }

    // ---- stop

    @Test
    void stop_tellsAllBeforeItWaits() throws InterruptedException {
        WorkerPool pool = started(2);
        Duration limit = Duration.ofSeconds(10);
        assertTrue(pool.stop(limit));
        Duration told = limit.minusMillis(200);
        assertEquals(List.of(told), made(0).stops);
        assertEquals(List.of(told), made(1).stops);
        assertTrue(pool.served());
        assertEquals(0, lost.get());
        assertTrue(workers.sinks.stream().allMatch(sink -> sink.closed.get() > 0));
    }

    @Test
    void stop_ofThoseThatHang_sharesTheTime() throws InterruptedException {
        WorkerPool pool = started(2);
        workers.obedient = false;
        assertFalse(pool.stop(Duration.ofMillis(50)));
        assertEquals(List.of(Duration.ZERO), made(1).waits); // the first has had it all
        assertEquals(List.of("fake 0", "fake 1"), pool.waitsFor());
        assertFalse(pool.served());
    }

    @Test
    void stop_whileOneStarts_endsItToo() throws InterruptedException {
        WorkerPool pool = started(1);
        CountDownLatch gate = gate(1);
        CompletableFuture<Void> adding = inBackground(pool::add);
        Fake starting = made(1);
        assertTrue(starting.life.await(WorkerState.BOOTING, SOON));
        CompletableFuture<Void> stopping = inBackground(() -> assertTrue(pool.stop(SOON)));
        while (starting.stops.isEmpty()) {
            Thread.onSpinWait();
        }
        gate.countDown();
        assertThrows(CancellationException.class, adding::join);
        stopping.join();
        assertEquals(WorkerState.ENDED, starting.state());
        assertEquals(0, lost.get());
    }

    @Test
    void add_afterTheStop_startsNothing() throws InterruptedException {
        WorkerPool pool = started(1);
        pool.stop(SOON);
        assertThrows(CancellationException.class, pool::add);
        assertEquals(WorkerState.NEW, made(1).state());
        assertEquals(1, workers.sinks.get(1).closed.get());
    }
}
