package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Write;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// All workers are replaced at once, because what they run has changed.
@Timeout(20)
class ReloadTest extends SupervisedFixture {

    @Test
    void reload_requestsWaitUntilTheNewOnesServe() throws InterruptedException {
        WorkerPool pool = supervised(2);
        CountDownLatch gate = gate(2);
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        pool.reload(SOON, failure -> served.complete(failure == null));
        assertTrue(made(2).life.await(WorkerState.BOOTING, SOON));
        assertTrue(made(0).drained);
        assertEquals(WorkerState.ENDED, made(0).state());
        assertEquals(WorkerState.ENDED, made(1).state());
        HttpExchange request = Requests.request();
        pool.submit(request);
        pool.tick();
        assertFalse(request.settled());
        gate.countDown();
        assertTrue(served.join());
        awaitMade(pool, 4);
        assertSame(request, made(2).take());
        assertEquals(2, pool.restarts(RestartReason.RELOAD));
    }

    @Test
    void reload_thatFails_leavesNoWorker_untilTheNext() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.failures.put(1, NO_MODULE);
        CompletableFuture<WorkerFailure> failed = new CompletableFuture<>();
        pool.reload(SOON, failed::complete);
        assertEquals("cannot import app", failed.join().getMessage());
        HttpExchange refused = Requests.request();
        pool.submit(refused);
        assertShownWhy(refused);
        pass(pool, LONG);
        assertEquals(2, workers.made.size());
        assertEquals(0, lost.get());

        CompletableFuture<Boolean> served = new CompletableFuture<>();
        pool.reload(SOON, failure -> served.complete(failure == null));
        assertTrue(served.join());
        HttpExchange taken = Requests.request();
        pool.submit(taken);
        assertSame(taken, made(2).take());
    }

    @Test
    void reload_askedForAgain_givesUpTheStartOfTheFirst() throws InterruptedException {
        WorkerPool pool = supervised(1);
        assertNotNull(gate(1)); // it would start for ever
        pool.reload(SOON, _ -> lost.incrementAndGet());
        assertTrue(made(1).life.await(WorkerState.BOOTING, SOON));
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        pool.reload(SOON, failure -> served.complete(failure == null));
        assertTrue(served.join());
        awaitMade(pool, 3);
        assertEquals(List.of(), losses);
        assertEquals(0, lost.get());
    }

    private static void assertShownWhy(HttpExchange request) {
        assertEquals(
                new Write.Refusal(Rejected.APP_BROKEN, "cannot import app\nTraceback ..."),
                request.nextWrite());
    }

    @Test
    void reloadIsExpected_noRequestIsTaken_andNoneIsRefused() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pool.expectReload();
        HttpExchange request = Requests.request();
        pool.submit(request);
        pool.tick();
        assertEquals(0, made(0).wakes.get());
        assertNull(made(0).take());
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        pool.reload(SOON, failure -> served.complete(failure == null));
        assertTrue(served.join());
        assertSame(request, made(1).take());
    }

    @Test
    void expectedReload_thatIsCalledOff_letsTheOldOneGoOn() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pool.expectReload();
        HttpExchange request = Requests.request();
        pool.submit(request);
        pool.callOffReload();
        assertEquals(1, made(0).wakes.get());
        assertSame(request, made(0).take());
        assertEquals(1, workers.made.size());
    }

    @Test
    void reloadIsExpectedDuringAReload_requestsWaitForTheLast() throws InterruptedException {
        WorkerPool pool = supervised(1);
        CountDownLatch gate = gate(1);
        CompletableFuture<Boolean> first = new CompletableFuture<>();
        pool.reload(SOON, failure -> first.complete(failure == null));
        assertTrue(made(1).life.await(WorkerState.BOOTING, SOON));
        pool.expectReload();
        gate.countDown();
        assertTrue(first.join());
        HttpExchange request = Requests.request();
        pool.submit(request);
        assertNull(made(1).take());
        CompletableFuture<Boolean> last = new CompletableFuture<>();
        pool.reload(SOON, failure -> last.complete(failure == null));
        assertTrue(last.join());
        assertSame(request, made(2).take());
    }

    @Test
    void reloadIsExpectedAfterAFailedOne_requestsWait_andAreShownWhyWhenItIsCalledOff()
            throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.failures.put(1, NO_MODULE);
        CompletableFuture<WorkerFailure> failed = new CompletableFuture<>();
        pool.reload(SOON, failed::complete);
        assertNotNull(failed.join());
        pool.expectReload();
        HttpExchange request = Requests.request();
        pool.submit(request);
        assertFalse(request.settled());
        pool.callOffReload();
        while (!request.settled()) {
            Thread.onSpinWait();
        }
        assertShownWhy(request);
    }

    @Test
    void startReloadable_hasNoWorkerUntilTheFirstReload_whichMayFail() throws InterruptedException {
        WorkerPool pool = pool(Settings.of(2, Isolation.PROCESS));
        pool.startReloadable();
        assertEquals(0, pool.size());
        workers.failures.put(1, NO_MODULE);
        CompletableFuture<WorkerFailure> failed = new CompletableFuture<>();
        pool.reload(SOON, failed::complete);
        assertEquals("cannot import app", failed.join().getMessage());
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        pool.reload(SOON, failure -> served.complete(failure == null));
        assertTrue(served.join());
        assertEquals(2, pool.size());
        assertEquals(0, lost.get());
        pool.stop(SOON);
    }
}
