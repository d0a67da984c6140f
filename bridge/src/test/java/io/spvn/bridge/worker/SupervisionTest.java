package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Write;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of workers that can be replaced. Time is the test's; it passes with [#pass].
@Timeout(20)
class SupervisionTest extends PoolFixture {
    private static final Boot EXIT = new Boot(Boot.Outcome.EXITED, "exit code 3", "", "");
    private static final Duration LONG = Duration.ofMinutes(1);

    private void pass(WorkerPool pool, Duration time) {
        clock.addAndGet(time.toNanos());
        pool.tick();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("it has not come to that in time");
            }
            Thread.onSpinWait();
        }
    }

    private void awaitMade(WorkerPool pool, int count) {
        await(() -> workers.made.size() == count && allServe(pool));
    }

    private static boolean allServe(WorkerPool pool) {
        return states(pool).stream().allMatch(state -> state == WorkerState.SERVING);
    }

    private WorkerPool supervised(int size, Supervision supervision) throws InterruptedException {
        WorkerPool pool = pool(Settings.of(size, Isolation.PROCESS, supervision));
        pool.start();
        return pool;
    }

    // ---- one ends

    @Test
    void oneThatEnds_isFollowedAtOnce() throws InterruptedException {
        WorkerPool pool = supervised(2);
        pass(pool, LONG);
        made(0).end(CRASH);
        awaitMade(pool, 3);
        assertEquals(0, workers.last().place.number());
        assertEquals(List.of(0, 1), numbers(pool));
        await(() -> pool.restarts(RestartReason.CRASHED) == 1);
        assertEquals(0, lost.get());
    }

    @Test
    void oneThatEndsItself_isCountedSo() throws InterruptedException {
        WorkerPool pool = supervised(1);
        made(0).end(EXIT);
        await(() -> pool.restarts(RestartReason.EXITED) == 1);
    }

    @Test
    void oneThatComesToItsEndByItself_isFollowedBeforeItHasEnded() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.obedient = false;
        made(0).stop(SOON);
        pool.tick();
        awaitMade(pool, 2);
        assertEquals(WorkerState.STOPPING, made(0).state());
        await(() -> pool.restarts(RestartReason.EXITED) == 1);
        pass(pool, Duration.ofSeconds(1));
        await(
                () -> {
                    pass(pool, Duration.ofMillis(10));
                    return made(0).kills.get() == 1;
                });
    }

    @Test
    void endsInARow_areFollowedLater() throws InterruptedException {
        WorkerPool pool = supervised(2);
        made(0).end(CRASH);
        awaitMade(pool, 3);
        long end = clock.get();
        made(2).end(CRASH);
        await(
                () -> {
                    pass(pool, Duration.ofMillis(1));
                    return workers.made.size() == 4;
                });
        long after = Duration.ofNanos(clock.get() - end).toMillis();
        assertTrue(after >= 100, after + " ms");
        awaitMade(pool, 4);
    }

    @Test
    void oneThatTookManyRequests_isFollowedAtOnce_howeverShortItsLife()
            throws InterruptedException {
        WorkerPool pool = supervised(1);
        for (int life = 0; life < 20; life++) {
            Fake worker = workers.last();
            for (int i = 0; i < Respawn.MANY_REQUESTS; i++) {
                worker.place.listener().started(0);
            }
            worker.end(CRASH);
            awaitMade(pool, life + 2);
        }
        assertEquals(0, lost.get());
    }

    @Test
    void successorThatFails_isTriedAgain() throws InterruptedException {
        WorkerPool pool = supervised(2);
        pass(pool, LONG);
        workers.failures.put(2, NO_MODULE);
        made(0).end(CRASH);
        await(() -> workers.made.size() == 3 && workers.sinks.get(2).closed.get() > 0);
        assertEquals(WorkerState.ENDED, states(pool).getFirst());
        await(
                () -> {
                    pass(pool, Duration.ofMillis(100));
                    return workers.made.size() == 4;
                });
        awaitMade(pool, 4);
        assertEquals(0, lost.get());
    }

    @Test
    void aStartThatTakesLong_doesNotUseUpTheTimeOfOthers() throws InterruptedException {
        WorkerPool pool = supervised(1, new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        workers.obedient = false;
        CountDownLatch gate = gate(1);
        made(0).place.listener().started(0);
        pool.tick();
        assertTrue(made(1).life.await(WorkerState.BOOTING, SOON));
        pass(pool, LONG);
        gate.countDown();
        await(() -> !made(0).stops.isEmpty());
        pool.tick();
        pool.resize(1); // done after a leaver is killed
        await(() -> pool.size() == 2);
        assertEquals(0, made(0).kills.get());
    }

    // ---- requests meanwhile

    @Test
    void requests_waitForTheSuccessor() throws InterruptedException {
        WorkerPool pool = supervised(1);
        CountDownLatch gate = gate(1);
        made(0).end(CRASH);
        HttpExchange request = Requests.request();
        pool.submit(request);
        pool.tick();
        assertFalse(request.settled());
        assertEquals(1, pool.queueDepth());
        gate.countDown();
        awaitMade(pool, 2);
        await(() -> made(1).wakes.get() == 1);
        assertSame(request, made(1).take());
    }

    // ---- crash loop

    @Test
    void successorsThatAllFail_loseThePool_withTheLastReason() throws InterruptedException {
        WorkerPool pool = supervised(1);
        for (int nth = 1; nth < 10; nth++) {
            workers.failures.put(nth, NO_MODULE);
        }
        HttpExchange waiting = Requests.request();
        made(0).end(CRASH);
        pool.submit(waiting);
        await(
                () -> {
                    pass(pool, Duration.ofMillis(100));
                    return lost.get() == 1;
                });
        assertEquals(Deaths.CRASH_LOOP, workers.made.size());
        WorkerFailure why = losses.getFirst();
        assertEquals(
                "worker 0 does not start: cannot import app; it is end number 5 in a row,"
                        + " and none of these workers served for long",
                why.getMessage());
        assertEquals("Traceback ...", why.traceback());
        assertTrue(why.appAtFault());
        assertRefused(waiting, Rejected.STOPPING);
        HttpExchange late = Requests.request();
        pool.submit(late);
        assertRefused(late, Rejected.STOPPING);
    }

    @Test
    void successorsThatAllEnd_loseThePool() throws InterruptedException {
        WorkerPool pool = supervised(1);
        for (int nth = 0; nth < Deaths.CRASH_LOOP; nth++) {
            Fake worker = made(nth);
            awaitMade(pool, nth + 1);
            worker.end(CRASH);
            int next = nth + 2;
            await(
                    () -> {
                        pass(pool, Duration.ofMillis(100));
                        return workers.made.size() == next || lost.get() == 1;
                    });
        }
        assertEquals(1, lost.get());
        assertTrue(losses.getFirst().report("").contains("made to end"));
    }

    @Test
    void aCrashLoop_whileAnotherServes_isTriedOn() throws InterruptedException {
        WorkerPool pool = supervised(2);
        for (int nth = 2; nth < 20; nth++) {
            workers.failures.put(nth, NO_MODULE);
        }
        made(0).end(CRASH);
        await(
                () -> {
                    pass(pool, Duration.ofSeconds(1));
                    return workers.made.size() == 21;
                });
        awaitMade(pool, 21);
        assertEquals(0, lost.get());
    }

    // ---- recycling

    @Test
    void oneThatTookEnough_isReplaced_andLeavesOnceItsSuccessorServes()
            throws InterruptedException {
        WorkerPool pool = supervised(2, new Supervision(3, 0, Duration.ZERO, 0, HangAction.REPORT));
        CountDownLatch gate = gate(2);
        ExchangeListener listener = made(1).place.listener();
        listener.started(0);
        listener.started(0);
        pool.tick();
        assertEquals(2, workers.made.size());
        listener.started(0);
        pool.tick();
        assertTrue(made(2).life.await(WorkerState.BOOTING, SOON));
        assertEquals(List.of(), made(1).stops);
        gate.countDown();
        awaitMade(pool, 3);
        assertEquals(1, made(2).place.number());
        await(() -> made(1).state() == WorkerState.ENDED);
        await(() -> pool.restarts(RestartReason.MAX_REQUESTS) == 1);
    }

    @Test
    void recycling_isOneAtATime_untilTheOldOneHasLeft() throws InterruptedException {
        WorkerPool pool =
                supervised(2, new Supervision(0, 0, Duration.ofHours(1), 0, HangAction.REPORT));
        workers.obedient = false;
        pass(pool, Duration.ofHours(1));
        await(() -> !made(0).stops.isEmpty());
        pool.tick();
        pool.tick();
        assertEquals(3, workers.made.size());
        workers.obedient = true;
        made(0).end(CRASH);
        await(
                () -> {
                    pool.tick();
                    return workers.made.size() == 4;
                });
        await(() -> made(1).state() == WorkerState.ENDED);
        await(() -> pool.restarts(RestartReason.LIFETIME) == 2);
    }

    @Test
    void anOldOneThatDoesNotLeaveInTime_isKilled() throws InterruptedException {
        WorkerPool pool = supervised(1, new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        workers.obedient = false;
        made(0).place.listener().started(0);
        pool.tick();
        await(() -> !made(0).stops.isEmpty());
        long told = clock.get();
        await(
                () -> {
                    pass(pool, Duration.ofMillis(10));
                    return made(0).kills.get() == 1;
                });
        assertTrue(clock.get() - told >= Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aSuccessorThatFails_leavesTheOldOneAtWork_andIsTriedAgainLater()
            throws InterruptedException {
        WorkerPool pool = supervised(1, new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        workers.failures.put(1, NO_MODULE);
        made(0).place.listener().started(0);
        pool.tick();
        await(() -> workers.sinks.size() == 2 && workers.sinks.get(1).closed.get() > 0);
        assertEquals(List.of(), made(0).stops);
        long failed = clock.get();
        await(
                () -> {
                    pass(pool, Duration.ofMillis(10));
                    return workers.made.size() == 3;
                });
        assertTrue(clock.get() - failed >= Retirements.TRY_AGAIN.toNanos());
        await(() -> made(0).state() == WorkerState.ENDED);
    }

    // ---- hanging

    private void hang(WorkerPool pool, Fake worker) {
        worker.hung = true;
        for (int i = 0; i < 20; i++) {
            pass(pool, Duration.ofMillis(100));
        }
    }

    @Test
    void oneThatHangs_isKilledAndFollowed_whereThatIsAskedFor() throws InterruptedException {
        WorkerPool pool =
                supervised(2, new Supervision(0, 0, Duration.ZERO, 0, HangAction.RESTART));
        pass(pool, LONG);
        hang(pool, made(0));
        awaitMade(pool, 3);
        assertEquals(1, made(0).kills.get());
        await(() -> pool.restarts(RestartReason.HUNG) == 1);
        assertEquals(0, made(1).kills.get());
    }

    @Test
    void oneThatHangs_isLeftAlone_otherwise() throws InterruptedException {
        WorkerPool pool = supervised(1);
        hang(pool, made(0));
        pool.resize(1); // done after what is more urgent
        await(() -> pool.size() == 2);
        assertEquals(0, made(0).kills.get());
    }

    // ---- rolling

    @Test
    void roll_replacesOneAfterTheOther_eachOnceItsSuccessorServes() throws InterruptedException {
        WorkerPool pool = supervised(2);
        CountDownLatch first = gate(2);
        CountDownLatch second = gate(3);
        pool.roll();
        assertTrue(made(2).life.await(WorkerState.BOOTING, SOON));
        assertEquals(List.of(), made(0).stops);
        first.countDown();
        await(
                () -> {
                    pool.tick();
                    return workers.made.size() == 4;
                });
        assertEquals(WorkerState.ENDED, made(0).state());
        assertEquals(List.of(), made(1).stops);
        second.countDown();
        await(() -> made(1).state() == WorkerState.ENDED);
        await(() -> pool.restarts(RestartReason.HANGUP) == 2);
        assertEquals(List.of(0, 1), numbers(pool));
        assertEquals(0, lost.get());
    }

    @Test
    void roll_whoseSuccessorFails_ends() throws InterruptedException {
        WorkerPool pool = supervised(2);
        workers.failures.put(2, NO_MODULE);
        pool.roll();
        await(() -> workers.sinks.size() == 3 && workers.sinks.get(2).closed.get() > 0);
        pool.resize(1); // done before the roll would go on
        await(() -> numbers(pool).equals(List.of(0, 1, 2)));
        assertEquals(List.of(), made(0).stops);
        assertEquals(0, pool.restarts(RestartReason.HANGUP));
    }

    @Test
    void roll_askedForSeveralTimesMeanwhile_isDoneOnceMore() throws InterruptedException {
        WorkerPool pool = supervised(1);
        CountDownLatch gate = gate(1);
        pool.roll();
        assertTrue(made(1).life.await(WorkerState.BOOTING, SOON));
        pool.roll();
        pool.roll();
        pool.roll();
        gate.countDown();
        await(
                () -> {
                    pool.tick();
                    return pool.restarts(RestartReason.HANGUP) == 2;
                });
        pool.roll();
        await(
                () -> {
                    pool.tick();
                    return pool.restarts(RestartReason.HANGUP) == 3;
                });
        assertEquals(4, workers.made.size());
    }

    @Test
    void aDeathDuringARoll_isSeenToFirst() throws InterruptedException {
        WorkerPool pool = supervised(3);
        pass(pool, LONG);
        CountDownLatch gate = gate(3);
        pool.roll();
        assertTrue(made(3).life.await(WorkerState.BOOTING, SOON));
        made(2).end(CRASH);
        gate.countDown();
        await(() -> workers.made.size() > 4);
        assertEquals(2, made(4).place.number());
        await(
                () -> {
                    pool.tick();
                    return pool.restarts(RestartReason.HANGUP) == 2;
                });
        assertEquals(6, workers.made.size()); // the one that died is not replaced twice
    }

    // ---- more and fewer

    @Test
    void resize_addsAndRetires() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pool.resize(1);
        pool.resize(1);
        await(() -> numbers(pool).equals(List.of(0, 1, 2)));
        pool.resize(-2);
        await(() -> numbers(pool).equals(List.of(0)));
        pool.resize(1);
        await(() -> numbers(pool).equals(List.of(0, 1)));
        assertEquals(WorkerState.SERVING, made(0).state());
    }

    @Test
    void resize_neverRetiresTheLast() throws InterruptedException {
        WorkerPool pool = supervised(2);
        pool.resize(-2);
        pool.roll(); // is done after that
        await(() -> pool.restarts(RestartReason.HANGUP) == 1);
        assertEquals(List.of(0), numbers(pool));
    }

    @Test
    void resize_retiresOneThatDoesNotServe_beforeOthers() throws InterruptedException {
        WorkerPool pool = supervised(2);
        for (int nth = 2; nth < 5; nth++) {
            workers.failures.put(nth, NO_MODULE);
        }
        made(0).end(CRASH);
        await(() -> workers.sinks.size() == 3 && workers.sinks.get(2).closed.get() > 0);
        pool.resize(-1);
        await(() -> numbers(pool).equals(List.of(1)));
        pass(pool, LONG);
        pool.resize(1);
        await(() -> workers.made.size() > 3);
        assertEquals(0, made(3).place.number()); // the free one
    }

    @Test
    void resize_givesTheQueueRoomForAsManyWorkers() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pool.resize(1);
        await(() -> pool.size() == 2);
        for (int i = 0; i < 32; i++) {
            pool.submit(Requests.request());
        }
        assertEquals(32, pool.queueDepth()); // 16 for each
    }

    // ---- reload

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

    // ---- the end

    @Test
    void stop_whileOneWaitsToFollow_startsNothing() throws InterruptedException {
        WorkerPool pool = supervised(2);
        made(0).end(CRASH);
        awaitMade(pool, 3);
        made(2).end(CRASH);
        assertTrue(pool.stop(SOON));
        pass(pool, LONG);
        assertEquals(3, workers.made.size());
        assertEquals(0, lost.get());
    }

    @Test
    void stop_whileASuccessorStarts_killsIt() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pass(pool, LONG);
        assertNotNull(gate(1)); // it would start for ever
        made(0).end(CRASH);
        Fake starting = made(1);
        assertTrue(starting.life.await(WorkerState.BOOTING, SOON));
        assertTrue(pool.stop(SOON));
        assertEquals(WorkerState.ENDED, starting.state());
        assertEquals(0, lost.get());
        HttpExchange late = Requests.request();
        pool.submit(late);
        assertRefused(late, Rejected.STOPPING);
    }

    @Test
    void stop_killsThoseThatDoNotEnd() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.obedient = false;
        assertFalse(pool.stop(Duration.ofMillis(1)));
        assertEquals(1, made(0).kills.get());
    }
}
