package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkerPoolTest extends PoolFixture {
    // ---- start

    @Test
    void start_bringsUpAsManyAsTheSettingsSay() throws InterruptedException {
        WorkerPool pool = started(3);
        assertEquals(List.of(0, 1, 2), numbers(pool));
        assertTrue(pool.status().stream().allMatch(WorkerStatus::serving));
        assertEquals("subinterpreter", pool.isolation());
        assertEquals(Isolation.SUBINTERPRETER, workers.last().place.isolation());
    }

    @Test
    void start_ofOneThatFails_leavesNone() {
        workers.failures.put(1, NO_MODULE);
        WorkerPool pool = pool(3);
        assertThrows(WorkerFailure.class, pool::start);
        assertEquals(2, workers.made.size());
        assertTrue(workers.made.stream().allMatch(each -> each.state() == WorkerState.ENDED));
        assertTrue(workers.sinks.stream().allMatch(sink -> sink.closed.get() > 0));
        assertEquals(0, lost.get());
    }

    @Test
    void start_whileOneThatServedEnds_fails() throws InterruptedException {
        WorkerPool pool = pool(2);
        CountDownLatch gate = gate(1);
        CompletableFuture<Void> starting = inBackground(pool::start);
        Fake second = made(1);
        made(0).end(CRASH);
        gate.countDown();
        assertEquals("made to end", failure(starting).getMessage());
        assertEquals(WorkerState.ENDED, second.state());
    }

    @Test
    void start_failed_tellsWhetherTheAppIsAtFault() {
        workers.failures.putAll(Map.of(0, NO_MODULE, 1, CRASH));
        WorkerFailure noModule = assertThrows(WorkerFailure.class, pool(1)::start);
        assertEquals("cannot import app", noModule.getMessage());
        assertEquals("Traceback ...", noModule.traceback());
        assertTrue(noModule.appAtFault());

        WorkerFailure crash = assertThrows(WorkerFailure.class, pool(1)::start);
        assertEquals("made to end", crash.getMessage());
        assertFalse(crash.appAtFault());
    }

    // ---- add

    @Test
    void add_whileOthersServe_getsRequests() throws InterruptedException {
        WorkerPool pool = supervised(1);
        made(0).load = 3;
        pool.add();
        assertEquals(List.of(0, 1), numbers(pool));
        Exchange request = Requests.request();
        pool.submit(request);
        assertEquals(1, made(1).wakes.get()); // the less busy one
        assertEquals(0, made(0).wakes.get());
        assertSame(request, made(1).take());
    }

    @Test
    void add_failed_changesNothing() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.failures.put(1, CRASH);
        assertThrows(WorkerFailure.class, pool::add);
        assertEquals(List.of(0), numbers(pool));
        assertEquals(0, lost.get());
        assertEquals(1, workers.sinks.get(1).closed.get());
    }

    // ---- replace

    @Test
    void replace_othersAreServedMeanwhile_andTheOldOneEndsLast() throws InterruptedException {
        WorkerPool pool = supervised(1);
        Fake old = made(0);
        CountDownLatch gate = gate(1);
        CompletableFuture<Void> replacing = inBackground(() -> assertTrue(pool.replace(0, SOON)));
        Fake successor = made(1);
        assertTrue(successor.life.await(WorkerState.BOOTING, SOON));

        pool.submit(Requests.request());
        assertEquals(1, old.wakes.get());
        assertEquals(List.of(), old.stops);
        assertEquals(List.of(WorkerState.SERVING), states(pool));

        gate.countDown();
        replacing.join();
        assertEquals(0, successor.place.number());
        assertEquals(List.of(WorkerState.SERVING), states(pool));
        assertTrue(old.drained);
        assertEquals(WorkerState.ENDED, old.state());
        assertEquals(1, workers.sinks.get(0).closed.get());
        assertEquals(0, workers.sinks.get(1).closed.get());
        assertEquals(0, lost.get());
    }

    @Test
    void replace_successorFails_theOldOneStays() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.failures.put(1, NO_MODULE);
        assertThrows(WorkerFailure.class, () -> pool.replace(0, SOON));
        assertEquals(List.of(), made(0).stops);
        assertEquals(List.of(WorkerState.SERVING), states(pool));
        pool.submit(Requests.request());
        assertEquals(1, made(0).wakes.get());
        assertEquals(1, workers.sinks.get(1).closed.get());
        assertEquals(0, lost.get());
    }

    @Test
    void replace_ofOneThatDoesNotEnd_isLookedAfterUntilTheStop() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.obedient = false;
        Fake old = made(0);
        old.load = 2;
        assertFalse(pool.replace(0, Duration.ofMillis(1)));
        assertEquals(2, pool.inFlight());
        assertEquals(List.of("fake 0", "fake 0"), pool.waitsFor());
        pool.tick();
        assertEquals(1, workers.sinks.get(0).ticks.get());
        workers.obedient = true;
        old.end(CRASH);
        assertEquals(List.of("fake 0"), pool.waitsFor());
        assertEquals(0, pool.inFlight());
        assertEquals(0, lost.get());
    }

    @Test
    void replace_ofAKindThatCannotBe_isRefused() throws InterruptedException {
        WorkerPool pool = started(1);
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> pool.replace(0, SOON));
        assertEquals(
                "workers of kind main cannot be replaced inside a process", refused.getMessage());
        assertEquals(1, workers.made.size());
    }

    @Test
    void replace_ofAnUnknownNumber_isAnError() throws InterruptedException {
        WorkerPool pool = supervised(1);
        assertThrows(IllegalArgumentException.class, () -> pool.replace(7, SOON));
        assertEquals(1, workers.made.size());
    }

    // ---- retire

    @Test
    void retire_othersGetAllThatComesMeanwhile() throws InterruptedException {
        WorkerPool pool = supervised(2);
        workers.obedient = false;
        assertFalse(pool.retire(0, Duration.ofMillis(1)));
        assertEquals(List.of(1), numbers(pool));
        assertTrue(made(0).drained);
        Exchange request = Requests.request();
        pool.submit(request);
        assertEquals(0, made(0).wakes.get());
        assertEquals(1, made(1).wakes.get());
        assertSame(request, made(1).take());
        assertEquals(List.of("fake 0", "fake 1"), pool.waitsFor().stream().sorted().toList());
        made(0).end(CRASH);
        assertEquals(0, lost.get());
        assertEquals(List.of("fake 1"), pool.waitsFor());
    }

    @Test
    void retire_ofOneThatWasWokenForARequest_wakesAnother() throws InterruptedException {
        WorkerPool pool = supervised(2);
        made(1).load = 1;
        pool.submit(Requests.request());
        assertEquals(1, made(0).wakes.get()); // and has not taken it yet
        pool.retire(0, SOON);
        assertEquals(1, made(1).wakes.get());
    }

    @Test
    void retire_ofTheLast_isRefused() throws InterruptedException {
        WorkerPool pool = started(2);
        made(0).end(CRASH);
        assertThrows(IllegalStateException.class, () -> pool.retire(1, SOON));
        assertEquals(List.of(WorkerState.ENDED, WorkerState.SERVING), states(pool));
    }

    @Test
    void retire_whileTheOtherEnds_isTold() throws InterruptedException {
        WorkerPool pool = started(2);
        made(1).lookedAt(() -> made(1).end(CRASH)); // once it was found to serve
        pool.retire(0, SOON);
        assertEquals(1, lost.get());
    }

    @Test
    void retire_thenAdd_usesTheNumberAgain() throws InterruptedException {
        WorkerPool pool = supervised(3);
        assertTrue(pool.retire(1, SOON));
        assertEquals(List.of(0, 2), numbers(pool));
        pool.add();
        assertEquals(List.of(0, 1, 2), numbers(pool));
    }

    @Test
    @Timeout(60)
    void changes_whileRequestsCome_refuseAndForgetNone() throws InterruptedException {
        workers.busy = true;
        WorkerPool pool = supervised(2);
        List<HttpExchange> requests = Stream.generate(Requests::request).limit(5_000).toList();
        CompletableFuture<Void> submitting =
                inBackground(
                        () -> {
                            for (HttpExchange request : requests) {
                                pool.submit(request);
                            }
                        });
        while (!submitting.isDone()) {
            assertTrue(pool.replace(0, SOON));
            assertTrue(pool.retire(1, SOON));
            pool.add();
        }
        submitting.join();
        while (workers.taken.get() < requests.size()) {
            Thread.onSpinWait(); // no tick wakes anybody
        }
        assertTrue(requests.stream().noneMatch(HttpExchange::settled));
        assertTrue(pool.stop(SOON));
        assertEquals(0, lost.get());
    }
}
